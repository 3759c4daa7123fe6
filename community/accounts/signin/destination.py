"""Where one may be led after signing in: to a page of this site, and nowhere else. Pure."""

from __future__ import annotations

import re

# A path under one of the two languages. No second slash or backslash at its start, no control
# character or space anywhere: browsers repair such addresses into other sites.
_PAGE = re.compile(r"/(?:fr|en)(?:/[^\s\\\x00-\x1f\x7f]*)?")


def is_ours(address: str | None) -> bool:
    """Whether this is the path of a page here."""
    return bool(address) and len(address or "") < 2000 and _PAGE.fullmatch(address or "") is not None
