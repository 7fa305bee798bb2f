"""What can go wrong on the way, said once and clearly."""


class ServiceError(RuntimeError):
    """A service cannot be had; the text is Vietnamese with English in brackets, and says what to do."""
