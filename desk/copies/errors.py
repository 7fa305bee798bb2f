"""Why a copy is not there yet, or never will be: for staff; what is noted with a copy is Vietnamese."""

from archive.telling import Told


class CopyError(Told):
    """This copy cannot be made as it is; after some attempts it is given up."""


class CopyWaitsError(CopyError):
    """Something outside is missing (a key, the time-stamp server): the copy waits for it, however long."""
