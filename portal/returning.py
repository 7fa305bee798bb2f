"""Where to go back to: only a path of this house, by an allow pattern, never an address that was handed in."""

import re

#: One slash, then letters, digits and a few marks; a query of encoded characters.  No second slash at the start, no
#: backslash, no control character, no scheme, no percent sign in the path.
_LOCAL = re.compile(r"/(?:[A-Za-z0-9._~-]+(?:/[A-Za-z0-9._~-]+)*/?)?(?:\?[A-Za-z0-9._~%+&=:,;@!$'()*/-]*)?")
LONGEST = 2000


def local_path(wish: str, otherwise: str = "/") -> str:
    """The wish if it is a plain path of this site (with a query), else ``otherwise``."""
    return wish if len(wish) <= LONGEST and _LOCAL.fullmatch(wish) else otherwise
