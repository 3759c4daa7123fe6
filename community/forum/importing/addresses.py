"""The addresses of links that come from elsewhere. Pure."""

from __future__ import annotations

import re
from urllib.parse import quote, urljoin, urlsplit

MOST_ADDRESS = 1_000
_SCHEMES = frozenset({"http", "https", "mailto"})
_CONTROL = re.compile(r"[\x00-\x20\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069]+")
_HOST_ONLY = re.compile(r"www\.[a-z0-9-]+\.[a-z]", re.IGNORECASE)
# What would end or change a Markdown link; the rest of the address stays as it was written.
_SAFE = "%:/?#[]@!$&'*+,;=~-._"


def address(href: str, site: str = "") -> str | None:
    """The address to link to, or None where the label should stand alone.

    Relative ones are read against ``site``; without it, and for mail-only oddities, scripts, data
    and dead schemes (``ftp:``, ``news:``, ``javascript:`` …), there is none.
    """
    bare = href.strip()
    if not bare or bare.startswith("#") or len(bare) > MOST_ADDRESS:
        return None
    if _CONTROL.search(bare.replace(" ", "")):
        return None
    if _HOST_ONLY.match(bare):
        bare = f"https://{bare}"
    try:
        whole = urljoin(site, bare) if site else bare
        whole = f"https:{whole}" if whole.startswith("//") else whole
        parts = urlsplit(whole)
        named = parts.path if parts.scheme.lower() == "mailto" else parts.hostname
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not named:
        return None
    return _written(whole)


def _written(whole: str) -> str:
    # Characters of other alphabets stay readable; only what ends a link is encoded.
    return "".join(c if c.isalnum() or c in _SAFE else quote(c) for c in whole)
