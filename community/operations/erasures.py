"""Who was erased stays erased: a ledger outside the database, applied again after every restore.

The ledger holds nothing but keyed hashes, one empty file each in the file store (``FILES_URL``). It
says neither who, nor what kind, nor when, nor in which order: without the key file it is chance, and
with it, it only answers "was this one erased?". Nothing in it ties two erasures together. Each backup
takes a copy along, beside itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from community.core import files, keyfile
from community.core.jobs import enqueue, job
from community.core.sealing import tag, tags

PREFIX = "erasures/"
_PURPOSE = "erasure"


@dataclass(frozen=True)
class Kind:
    """One kind of what can be erased: those that are there, and how to erase one again."""

    there: Callable[[], Iterable[str]]
    erase: Callable[[str], None]


_kinds: dict[str, Kind] = {}


def again(kind: str, there: Callable[[], Iterable[str]], erase: Callable[[str], None]) -> None:
    """Have erasures of a kind applied again after a restore.

    :param there: the ids of those that are not erased, in the restored database.
    :param erase: erases one of them in the open transaction, whatever stood in the way the first time.
    """
    _kinds[kind] = Kind(there, erase)


def record(kind: str, *ids: str) -> None:
    """Note in the transaction of an erasure that it must hold after a restore as well."""
    for one in ids:
        enqueue("operations.keep_erasure", mark=tag(_PURPOSE, kind, one).hex())


@job("operations.keep_erasure", lane="urgent")
def keep_erasure(mark: str) -> None:
    """Write one mark into the ledger. Harmless twice."""
    files.site_files().put(PREFIX + mark, b"")


def ledger() -> frozenset[str]:
    """Every mark there is."""
    return frozenset(name.removeprefix(PREFIX) for name in files.site_files().names(PREFIX))


def take_in(marks: Iterable[str]) -> None:
    """Have the ledger hold these, too: a store that is new knows of nobody erased before it."""
    for mark in sorted(set(marks) - ledger()):
        keep_erasure(mark)


def apply(marks: Collection[str]) -> int:
    """Erase, in the open transaction, whoever is there and has a mark. Returns how many."""
    keyfile.reread()
    erased = 0
    for name, kind in _kinds.items():
        for one in list(kind.there()):
            if any(mark.hex() in marks for mark in tags(_PURPOSE, name, one)):
                kind.erase(one)
                erased += 1
    return erased


def read(text: str) -> frozenset[str]:
    """The marks of a copy."""
    return frozenset(text.split())


def copied(marks: Iterable[str]) -> str:
    """The text of a copy: one mark a line, sorted, so that their order tells nothing."""
    return "".join(f"{mark}\n" for mark in sorted(marks))
