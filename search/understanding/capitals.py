"""Questions written all in capitals: there, capitals are no evidence of a name or of an abbreviation."""

from analyzers.tokens import TOKEN

SHOUTED = 4
"""Words of a question from which on capitals throughout say nothing: "TƯ" may be "tư", "AN TOÀN" no commune."""


def calmed(text: str) -> str:
    """The text in small letters if it is a question all in capitals, else as it is; its length never changes."""
    if text != text.upper() or len(TOKEN.findall(text)) < SHOUTED:
        return text
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
