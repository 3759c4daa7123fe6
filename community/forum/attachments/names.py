"""What a file may be called, and how its name is sent (RFC 6266, RFC 8187). Pure."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote

LONGEST = 80  # characters, without the ending
_RESERVED = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\..*)?", re.IGNORECASE
)
# What some system gives a meaning to.
_MEANT = re.compile(r'[<>:"|?*;%$`&\'~{}\[\]^=!#@+,\\/]+')
# Letters, marks, digits, spaces and some punctuation stay; what shows nothing or turns the text round goes.
_SHOWN = ("L", "M", "N", "P", "Zs")


def stem_of(given: str) -> str:
    """A file's own name without its folder and its ending, as it may be shown and saved; it may be empty."""
    name = unicodedata.normalize("NFC", given).replace("\\", "/").rpartition("/")[2]
    name = "".join(sign for sign in name if unicodedata.category(sign).startswith(_SHOWN))
    name = name.rpartition(".")[0] if "." in name else name
    name = " ".join(_MEANT.sub(" ", name).split()).strip(". -")[:LONGEST].rstrip(". -")
    return f"_{name}" if _RESERVED.fullmatch(name) else name


def disposition(how: str, name: str) -> str:
    """The header that names a file: plain letters for old programs, the whole name for all others.

    :param how: "inline" or "attachment". :param name: from :func:`stem_of`, with an ending.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r"[^A-Za-z0-9._ -]", "_", plain).strip() or "file"
    return f"{how}; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
