"""The file of a backup: a tar of compressed parts, then a manifest that says what they must be.

The manifest comes last, so that an archive that was cut off has none. It carries the number of rows
and the SHA-256 of each part, and is itself signed with a key of the key file: who can write into the
place of the backups cannot make one that this community would take.
"""

from __future__ import annotations

import contextlib
import gzip
import hashlib
import hmac
import io
import json
import os
import tarfile
import tempfile
from collections.abc import Generator, Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any

from community.core.sealing import tag, tags

MANIFEST = "manifest.json"
FORMAT = 1
_PURPOSE = "backup manifest"
_LEVEL = 5  # of gzip: twice as fast as 9, a twentieth larger
_CHUNK = 1 << 20


class BadArchive(Exception):
    """It is no backup, is damaged, or is not this community's; the message is for the operator."""


@dataclass(frozen=True)
class Part:
    """The rows of one table."""

    table: str
    columns: list[str]
    rows: int
    sha256: str

    @property
    def name(self) -> str:
        """Where it lies in the archive."""
        return f"tables/{self.table}.jsonl.gz"


@dataclass(frozen=True)
class Held:
    """A file of the site as it lies in the archive: its name there is its name in the place of files."""

    name: str
    sha256: str

    @property
    def place(self) -> str:
        """Where it lies in the archive."""
        return f"files/{self.name}"


class Writing:
    """An archive in the making."""

    def __init__(self, tar: tarfile.TarFile, drafts: Path) -> None:
        self._tar, self._drafts = tar, drafts
        self.parts: list[Part] = []
        self.files: list[Held] = []

    def add(self, table: str, columns: list[str], rows: Iterable[list[Any]]) -> Part:
        """Write the rows of a table, one JSON line each."""
        count = 0
        with tempfile.NamedTemporaryFile(dir=self._drafts, prefix=".part-") as draft:
            # No name and no time inside: the same rows give the same bytes.
            with gzip.GzipFile("", "wb", _LEVEL, draft, mtime=0) as packed:
                for row in rows:
                    packed.write(json.dumps(row, ensure_ascii=False).encode() + b"\n")
                    count += 1
            draft.flush()
            part = Part(table, columns, count, _sha256(Path(draft.name)))
            self._tar.add(draft.name, part.name, filter=_plain)
        self.parts.append(part)
        return part

    def hold(self, name: str, content: bytes) -> None:
        """Write a file of the site."""
        held = Held(name, hashlib.sha256(content).hexdigest())
        entry = _plain(tarfile.TarInfo(held.place))
        entry.size = len(content)
        self._tar.addfile(entry, io.BytesIO(content))
        self.files.append(held)

    def finish(self, facts: dict[str, Any]) -> None:
        """Write the manifest. Without it nothing can be restored."""
        parts, files = ([asdict(one) for one in some] for some in (self.parts, self.files))
        manifest = {"format": FORMAT, **facts, "parts": parts, "files": files}
        signed = json.dumps({"manifest": manifest, "signature": tag(_PURPOSE, _canonical(manifest)).hex()})
        entry = tarfile.TarInfo(MANIFEST)
        entry.size, entry.mode = len(signed.encode()), 0o600
        self._tar.addfile(entry, io.BytesIO(signed.encode()))


@contextlib.contextmanager
def written(path: Path) -> Iterator[Writing]:
    """Make an archive that only its owner reads; it has its name once it is whole and on the disk."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.draft")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            with tarfile.open(fileobj=file, mode="w") as tar:
                yield Writing(tar, path.parent)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


class Reading:
    """An archive whose manifest was found and is this community's."""

    def __init__(self, tar: tarfile.TarFile, manifest: dict[str, Any]) -> None:
        self._tar = tar
        self.facts = manifest
        self.parts = [Part(**part) for part in manifest["parts"]]
        # Backups of before there were files name none.
        self.files = [Held(**file) for file in manifest.get("files", [])]

    def verify(self) -> None:
        """Read every part and every file and compare. :raises BadArchive: the first one that differs."""
        for name, sha256 in (
            *((part.name, part.sha256) for part in self.parts),
            *((file.place, file.sha256) for file in self.files),
        ):
            found = hashlib.sha256()
            with self._open(name) as file:
                while chunk := file.read(_CHUNK):
                    found.update(chunk)
            if found.hexdigest() != sha256:
                raise BadArchive(f"The part {name} is damaged: its SHA-256 is not the manifest's.")

    def rows(self, part: Part) -> Generator[list[Any]]:
        """The rows of a part. :raises BadArchive: there are more or fewer than the manifest says."""
        count = 0
        with self._open(part.name) as file, gzip.open(file) as lines:
            for line in lines:
                count += 1
                yield json.loads(line)
        if count != part.rows:
            raise BadArchive(f"The part {part.name} has {count} rows; the manifest says {part.rows}.")

    def content(self, held: Held) -> bytes:
        """The bytes of a file of the site."""
        with self._open(held.place) as file:
            return file.read()

    def _open(self, name: str) -> IO[bytes]:
        try:
            found = self._tar.extractfile(name)
        except KeyError:
            found = None
        if found is None:
            raise BadArchive(f"The part {name} is missing.")
        return found


@contextlib.contextmanager
def opened(path: Path) -> Iterator[Reading]:
    """Open an archive of this community.

    :raises BadArchive: it is none, was cut off, or was signed with another key.
    """
    try:
        with tarfile.open(path, mode="r:") as tar:
            yield Reading(tar, _manifest(path, tar))
    except (OSError, tarfile.TarError, EOFError) as problem:
        raise BadArchive(f"{path} cannot be read as a backup ({problem}).") from problem


def _manifest(path: Path, tar: tarfile.TarFile) -> dict[str, Any]:
    try:
        file = tar.extractfile(MANIFEST)
        signed = json.loads(file.read()) if file else {}
        manifest, signature = dict(signed["manifest"]), str(signed["signature"])
    except (KeyError, ValueError, TypeError):
        raise BadArchive(f"{path} has no manifest: it is no backup, or was cut off.") from None
    if manifest.get("format") != FORMAT:
        raise BadArchive(f"{path} is of a format that this version does not know.")
    signatures = [one.hex() for one in tags(_PURPOSE, _canonical(manifest))]
    if not any(hmac.compare_digest(signature, one) for one in signatures):
        raise BadArchive(
            f"{path} does not fit the key file: it belongs to another community, was made under a key that "
            "is no longer in the file, or was changed. Put the key file of that time in place. Nothing was "
            "changed."
        )
    return manifest


def _canonical(manifest: dict[str, Any]) -> str:
    return json.dumps(manifest, sort_keys=True, ensure_ascii=True)


def _plain(entry: tarfile.TarInfo) -> tarfile.TarInfo:
    entry.uid = entry.gid = 0
    entry.uname = entry.gname = ""
    entry.mtime, entry.mode = 0, 0o600
    return entry


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
