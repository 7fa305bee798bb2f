"""The seeds of a day are those of its first moment: a run on two processes may begin before midnight and end after."""

import os
from datetime import UTC, datetime

os.environ.setdefault("VANKHO_FAULT_DAY", str(datetime.now(UTC).toordinal()))
