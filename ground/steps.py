"""Steps that are done once, and again only when what they were made from has changed."""

from __future__ import annotations

import contextlib
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from ground.console import ROOT, say


def fingerprint(*inputs: Path, also: str = "") -> str:
    """Return a digest of files, and of all files below folders: their names and their content."""
    digest = hashlib.sha256(also.encode())
    for file in sorted(_files(inputs)):
        digest.update(f"\0{file.relative_to(ROOT) if file.is_relative_to(ROOT) else file}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()


def keep(mark: Path, key: str, make: Callable[[], None], outputs: Iterable[Path] = ()) -> bool:
    """Call ``make`` unless ``mark`` says that it succeeded for this ``key`` and the outputs are there.

    Returns whether it had to be called. The mark is written last: an interrupted step is done again.
    """
    if done_for(mark) == key and all(output.exists() for output in outputs):
        return False
    mark.unlink(missing_ok=True)
    make()
    mark.parent.mkdir(parents=True, exist_ok=True)
    mark.write_text(key)
    return True


def done_for(mark: Path) -> str:
    """Return the key a step was last done for, or nothing."""
    try:
        return mark.read_text()
    except OSError:
        return ""


@contextlib.contextmanager
def one_at_a_time(lock: Path) -> Iterator[None]:
    """Let a second command that is started meanwhile wait until the first has set everything up."""
    try:
        import fcntl
    except ImportError:  # Windows: two commands at once are then the person's own affair
        yield
        return
    with lock.open("w") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            say("Waiting for another dev.py to finish its set-up.")
            fcntl.flock(held, fcntl.LOCK_EX)
        yield


def _files(inputs: Iterable[Path]) -> Iterator[Path]:
    for path in inputs:
        if path.is_dir():
            for folder, folders, names in os.walk(path):
                folders[:] = [name for name in folders if name not in {"__pycache__", "LC_MESSAGES"}]
                yield from (Path(folder, name) for name in names)
        elif path.exists():
            yield path
