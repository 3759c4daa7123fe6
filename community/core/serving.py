"""Which processes serve a community on this machine: what puts another in its place waits for none to do so.

Each holds a lock on a file beside the data; the system lets go of it when the process ends, however it ends.
Processes on other machines are not seen.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FILE = "serving.lock"
_held: list[int] = []  # for as long as this process lives


class Served(Exception):
    """A process serves the community, or is putting another in its place."""


def begin(folder: Path) -> None:
    """Serve from now on, until this process ends.

    :raises Served: what is served is being replaced at this moment.
    """
    found = _taken(folder, alone=False)
    if found is None:
        raise Served("A restore is going on: the site starts when it is over.")
    _held.extend(found)


@contextmanager
def nobody(folder: Path) -> Iterator[None]:
    """Let no process serve meanwhile.

    :raises Served: one does.
    """
    found = _taken(folder, alone=True)
    if found is None:
        raise Served(
            "The site is running, or another restore is: stop its services first. Nothing was changed."
        )
    try:
        yield
    finally:
        for number in found:
            os.close(number)


def _taken(folder: Path, *, alone: bool) -> list[int] | None:
    """The lock; none where a file cannot be locked; None when somebody else has it."""
    try:
        import fcntl
    except ImportError:  # Windows, where no community is kept
        return []
    try:
        number = os.open(folder / FILE, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    except OSError:  # a full disk keeps no site from starting
        return []
    try:
        fcntl.flock(number, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(number)
        return None
    except OSError:
        os.close(number)
        return []
    return [number]
