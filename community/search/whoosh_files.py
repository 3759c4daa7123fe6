"""How the files of a Whoosh index are read: in place, and by any thread.

Whoosh maps a part of the index into memory and then copies all of it for each reader, so that forty
thousand posts cost some seventy megabytes a reader; and a reader has one place where it reads, which two
threads would take from each other. Here nothing is copied, and each thread has its own place.
"""

from __future__ import annotations

import mmap
import pickle
import struct
import threading
from io import SEEK_CUR, SEEK_END, SEEK_SET, BytesIO
from pathlib import Path
from typing import Any

from whoosh.filedb.filestore import FileStorage
from whoosh.filedb.filetables import HashReader, _dir_entry, _directory_size
from whoosh.filedb.structfile import StructFile
from whoosh.util.filelock import LockBase

PART = ".seg"  # a finished part of the index: written once, then only read or deleted
_LENGTH = struct.Struct("!i")
_USUAL_RECORD = 256  # bytes; what stands before each block of postings takes some fifty


class MappedStorage(FileStorage):  # type: ignore[misc]
    """A folder whose finished parts are read in place."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._maps: list[mmap.mmap] = []
        self._locks: list[LockBase] = []

    def rest(self) -> None:
        """Nobody reads just now: what was read is the system's to keep or not. Harmless to who reads."""
        if hasattr(mmap, "MADV_DONTNEED"):  # not on every system
            for one in self._maps:
                one.madvise(mmap.MADV_DONTNEED)

    def lock(self, name: str) -> LockBase:
        """A lock on the folder, for whoever writes."""
        made = super().lock(name)
        self._locks.append(made)
        return made

    def unlock(self) -> None:
        """Let others write. Whoosh keeps its lock when a full disk stops it in the middle of beginning
        or ending, and then nobody could write until the program was started again."""
        while self._locks:
            held = self._locks.pop()
            if held.fd is not None:
                held.release()

    def open_file(self, name: str, **more: Any) -> StructFile:
        """Open for reading. :raises OSError: there is no such file."""
        if not name.endswith(PART):
            return super().open_file(name, **more)
        with (Path(self.folder) / name).open("rb") as file:
            found = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._maps.append(found)
        return MappedFile(memoryview(found), name)


class Directory:
    """Where each of the 256 tables of a part's terms begins and how many places it has, read when asked.

    Whoosh keeps them as pairs of numbers: 25 kB of each open part, and a community of 40,000 messages has 80.
    """

    __slots__ = ("_at", "_view")

    def __init__(self, terms: HashReader) -> None:
        self._view: memoryview = terms.dbfile.view
        end = len(self._view) - _LENGTH.size  # before the length of what stands after the directory
        self._at = end - _LENGTH.unpack_from(self._view, end)[0] - _directory_size

    def __getitem__(self, number: int) -> tuple[int, int]:
        found: tuple[int, int] = _dir_entry.unpack_from(self._view, self._at + number * _dir_entry.size)
        return found


class _Place(threading.local):
    """Where a thread reads."""

    at = 0


class MappedFile(StructFile):  # type: ignore[misc]
    """Bytes in memory as Whoosh reads a file. Without ``fileno``: Whoosh then asks for ``subset``."""

    def __init__(self, view: memoryview, name: str | None = None) -> None:
        super().__init__(None, name=name)
        self.view = view
        self._place = _Place()

    def subset(self, offset: int, length: int, name: str | None = None) -> MappedFile:
        """A part of it as a file of its own, of the same bytes."""
        return MappedFile(self.view[offset : offset + length], name or self._name)

    def get(self, position: int, length: int) -> bytes:
        """Bytes from anywhere, wherever the thread reads."""
        return bytes(self.view[position : position + length])

    def read(self, length: int | None = None) -> bytes:
        """The next bytes; the rest of them without a number."""
        start = self._place.at
        found = bytes(self.view[start : None if length is None else start + length])
        self._place.at = start + len(found)
        return found

    def seek(self, position: int, whence: int = SEEK_SET) -> None:
        """Read on from here, in this thread."""
        self._place.at = position + {SEEK_SET: 0, SEEK_CUR: self._place.at, SEEK_END: len(self.view)}[whence]

    def tell(self) -> int:
        """Where this thread reads."""
        return self._place.at

    def read_pickle(self) -> Any:
        """The next record of Whoosh's own. The folder is ours alone: nobody else puts a record there."""
        try:
            return self._load(_USUAL_RECORD)
        except (EOFError, pickle.UnpicklingError):  # it is longer
            return self._load(len(self.view))

    def _load(self, most: int) -> Any:
        start = self._place.at
        source = BytesIO(self.view[start : start + most])
        found = pickle.load(source)  # noqa: S301 - see read_pickle
        self._place.at = start + source.tell()
        return found

    def close(self) -> None:
        """Let the bytes go; the file is unmapped with the last subset of it."""
        super().close()
        self.view.release()
