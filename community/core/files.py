"""Files of the community: a folder at the small size, a bucket of an S3-compatible store at the large.

``FILES_URL`` decides: empty for the folder ``files`` of the instance, another folder's path, or
``s3://KEY:SECRET@bucket/prefix?endpoint=https://…&region=…``. What people upload lies under a random
name (:func:`new_name`): neither the name nor the place says who, what or when.
"""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from community.core.ids import new_key
from community.core.store import settings
from config import BadSetting

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*(/[A-Za-z0-9][A-Za-z0-9._-]*)*")


class Files(Protocol):
    """A place for files. A name is made of letters, digits, ``.``, ``-``, ``_`` and ``/``."""

    def put(self, name: str, content: bytes | Path) -> None:
        """Write a file whole or not at all; one of the same name is replaced."""

    def get(self, name: str) -> bytes:
        """What is in a file. :raises FileNotFoundError: there is none."""

    def fetch(self, name: str, to: Path) -> None:
        """Copy a file, which may be large, to a path. :raises FileNotFoundError: there is none."""

    def delete(self, name: str) -> None:
        """Remove a file. Harmless when there is none."""

    def exists(self, name: str) -> bool:
        """Whether there is one."""

    def names(self, prefix: str) -> Iterator[str]:
        """Every name that begins so."""


def new_name(kind: str) -> str:
    """A random name for a new file, in a folder of its kind: ``uploads/x4…``."""
    return f"{kind}/{new_key()}"


def site_files() -> Files:
    """The place of this site."""
    return place(settings().files_url or str(settings().instance_dir / "files"))


def place(url: str) -> Files:
    """The place that an address names: a folder or ``s3://…``. :raises BadSetting: it cannot be read."""
    return Bucket(url) if url.startswith("s3://") else Folder(Path(url.removeprefix("file://")))


def _safe(name: str) -> str:
    """Only names of ours: none leads out of the place."""
    if not _NAME.fullmatch(name):
        raise ValueError("a file of the community needs a plain name")
    return name


class Folder:
    """Files in a folder."""

    def __init__(self, root: Path) -> None:
        self._root = root

    def put(self, name: str, content: bytes | Path) -> None:
        """As said in ``Files``. Its time is not kept: it would say when."""
        path = self._root / _safe(name)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=".draft-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                _copy(content, file)
                file.flush()
                os.fsync(file.fileno())
            os.utime(draft, (0, 0))
            os.replace(draft, path)
        except BaseException:
            Path(draft).unlink(missing_ok=True)
            raise

    def get(self, name: str) -> bytes:
        """As said in ``Files``."""
        return (self._root / _safe(name)).read_bytes()

    def fetch(self, name: str, to: Path) -> None:
        """As said in ``Files``."""
        with to.open("wb") as file:
            _copy(self._root / _safe(name), file)

    def delete(self, name: str) -> None:
        """As said in ``Files``."""
        (self._root / _safe(name)).unlink(missing_ok=True)

    def exists(self, name: str) -> bool:
        """As said in ``Files``."""
        return (self._root / _safe(name)).is_file()

    def names(self, prefix: str) -> Iterator[str]:
        """As said in ``Files``."""
        for path in sorted(self._root.rglob("*")):
            name = path.relative_to(self._root).as_posix()
            if path.is_file() and _NAME.fullmatch(name) and name.startswith(prefix):
                yield name


def _copy(content: bytes | Path, file: Any) -> None:
    if isinstance(content, bytes):
        file.write(content)
        return
    with content.open("rb") as source:
        while chunk := source.read(1 << 20):
            file.write(chunk)


class Bucket:
    """Files in a bucket of an S3-compatible store."""

    def __init__(self, url: str) -> None:
        # Here, not above: the small size never loads it.
        from obstore.store import S3Store

        parts, asked = urlsplit(url), parse_qs(urlsplit(url).query)
        if not parts.hostname:
            raise BadSetting("FILES_URL names no bucket: s3://KEY:SECRET@bucket/prefix?endpoint=https://…")
        endpoint = asked.get("endpoint", [""])[0]
        given = {
            "endpoint": endpoint,
            "region": asked.get("region", ["us-east-1"])[0],
            "access_key_id": unquote(parts.username or ""),
            "secret_access_key": unquote(parts.password or ""),
        }
        more: dict[str, Any] = {name: value for name, value in given.items() if value}
        if endpoint.startswith("http://"):
            more["client_options"] = {"allow_http": True}
        self._store = S3Store(parts.hostname, prefix=parts.path.strip("/") or None, **more)

    def put(self, name: str, content: bytes | Path) -> None:
        """As said in ``Files``; a large file goes in portions."""
        self._store.put(_safe(name), content)

    def get(self, name: str) -> bytes:
        """As said in ``Files``."""
        return bytes(self._store.get(_safe(name)).bytes())

    def fetch(self, name: str, to: Path) -> None:
        """As said in ``Files``."""
        with to.open("wb") as file:
            for chunk in self._store.get(_safe(name)).stream(min_chunk_size=1 << 20):
                file.write(bytes(chunk))

    def delete(self, name: str) -> None:
        """As said in ``Files``."""
        try:
            self._store.delete(_safe(name))
        except FileNotFoundError:
            return

    def exists(self, name: str) -> bool:
        """As said in ``Files``."""
        try:
            self._store.head(_safe(name))
        except FileNotFoundError:
            return False
        return True

    def names(self, prefix: str) -> Iterator[str]:
        """As said in ``Files``."""
        folder = prefix.rpartition("/")[0]
        for some in self._store.list(folder or None):
            for one in some:
                if str(one["path"]).startswith(prefix):
                    yield str(one["path"])
