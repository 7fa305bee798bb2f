"""What cannot be done with an account, in both languages."""


class AccountError(ValueError):
    """The account cannot be made or changed so; ``vi`` and ``en`` say why and what to do."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(vi)
        self.vi, self.en = vi, en
