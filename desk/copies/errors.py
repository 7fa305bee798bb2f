"""Why a copy is not there yet, or never will be; the texts are Vietnamese and shown to staff."""


class CopyError(ValueError):
    """This copy cannot be made as it is; after some attempts it is given up."""


class CopyWaitsError(CopyError):
    """Something outside is missing (a key, the time-stamp server): the copy waits for it, however long."""
