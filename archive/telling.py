"""What people are told, said once in Vietnamese and translated where it is shown (portal.wording.say)."""


def said(words: str) -> str:
    """Marks Vietnamese words that no ``raise`` bears, for those who translate; the words themselves."""
    return words


class Told(ValueError):
    """Something that cannot be, and why: ``words`` Vietnamese with ``%(name)s`` for its ``values``, which may be of
    this kind themselves.  As a string it is Vietnamese."""

    def __init__(self, words: str, /, **values: object) -> None:
        super().__init__(words % values if values else words)
        self.words, self.values = words, values
