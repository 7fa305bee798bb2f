"""Questions written all in capitals: there, capitals are no evidence of a name, an abbreviation or an operator."""

from analyzers.tokens import TOKEN

SHOUTED = 4
"""Words of a question from which on capitals throughout say nothing: "TƯ" may be "tư", "AN TOÀN" no commune."""


def is_shouted(text: str) -> bool:
    """Whether a question is written all in capitals."""
    return text == text.upper() and len(TOKEN.findall(text)) >= SHOUTED


def calmed(text: str) -> str:
    """The text in small letters if it is a question all in capitals, else as it is; its length never changes."""
    if not is_shouted(text):
        return text
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter for letter in text)
