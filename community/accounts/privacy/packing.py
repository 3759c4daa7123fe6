"""An archive as a file: a notice in both languages, everything as JSON, and each list as CSV. Pure."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from community.core import spreadsheets
from community.core.archives import Rows

FORMAT = "passerelle archive"
VERSION = 1
MAIN = "archive.json"
FILES = "files/"  # what the names of files begin with
# What a ZIP file calls no time at all: when it was made is nobody's business.
_NO_TIME = (1980, 1, 1, 0, 0, 0)
_LARGEST = 256 * 1024 * 1024
# What reading a ZIP file raises: damaged, compressed in a way of its own, or under a password.
_UNREADABLE = (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError)


class BadArchive(Exception):
    """The file is no archive of this kind; the message is for whoever loads it."""


@dataclass(frozen=True)
class Archive:
    """What an archive holds: of a name or of an account, its lists by part."""

    of: str  # "name" or "account"
    parts: dict[str, Rows]
    files: Mapping[str, bytes] = field(default_factory=dict)


def packed(archive: Archive) -> bytes:
    """The file. The same content gives the same bytes."""
    whole = {"format": FORMAT, "version": VERSION, "of": archive.of, "parts": archive.parts}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for lang, name in (("fr", "LISEZ-MOI.txt"), ("en", "README.txt")):
            _add(made, name, notice(archive.of, lang).encode())
        _add(made, MAIN, json.dumps(whole, ensure_ascii=False, indent=1).encode())
        for part, lists in archive.parts.items():
            for table, rows in lists.items():
                if rows:
                    _add(made, f"csv/{part}-{table}.csv", spreadsheets.written(rows))
        for name, content in archive.files.items():
            _add(made, name, content)
    return file.getvalue()


def _add(made: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, _NO_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    made.writestr(entry, content)


def notice(of: str, lang: str) -> str:
    """What the file is, and what must not be done with it."""
    folder = resources.files("community.accounts").joinpath("data")
    return folder.joinpath(f"archive_{of}.{lang}.txt").read_text("utf-8")


def opened(content: bytes) -> Archive:
    """Read an archive. :raises BadArchive: it is none, or of a version that is not known."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as file:
            if file.getinfo(MAIN).file_size > _LARGEST:
                raise BadArchive("The archive is too large to be one of this community.")
            whole: Any = json.loads(file.read(MAIN))
            files = _files_in(file)
    except (*_UNREADABLE, KeyError, ValueError, EOFError, RecursionError):
        raise BadArchive("This is no archive of a name: a ZIP file with archive.json in it.") from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT or whole.get("version") != VERSION:
        raise BadArchive("This archive is of a kind or version that this program does not know.")
    parts = whole.get("parts")
    if not isinstance(parts, dict) or not all(isinstance(lists, dict) for lists in parts.values()):
        raise BadArchive("This archive has no parts: it is not as it left its community.")
    return Archive(str(whole.get("of")), parts, files)


def _files_in(file: zipfile.ZipFile) -> dict[str, bytes]:
    """The files that came with the rows. :raises BadArchive: they are too large together."""
    some = [one for one in file.infolist() if one.filename.startswith(FILES) and not one.is_dir()]
    if sum(one.file_size for one in some) > _LARGEST:
        raise BadArchive("The archive is too large to be one of this community.")
    return {one.filename: file.read(one) for one in some}
