"""The locks of Python packages: written by uv, for Python 3.11 to 3.13 and every system at once."""

from __future__ import annotations

from pathlib import Path

from ground.console import ROOT, work
from ground.environment import LOCKS, uv

# In this order: dev.in takes the pins of run.txt.
NAMES = ("run", "dev", "uv", "node")
# For every system and every Python from 3.11, with hashes, and naming no host.
OPTIONS = "--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header"


def write(upgrade: bool) -> int:
    """Resolve every ``requirements/*.in`` again; without ``upgrade``, what is locked and fits stays."""
    options = [*OPTIONS.split(), "--upgrade"] if upgrade else OPTIONS.split()
    for name in NAMES:
        source, target = LOCKS / f"{name}.in", LOCKS / f"{name}.txt"
        work(
            f"Locking {name}", [uv(), "pip", "compile", "--quiet", *options, source, "--output-file", target]
        )
    return 0


def hosts_named() -> list[str]:
    """Return the lines of the locks that name a host: whoever installs decides where packages come from."""
    files = [*sorted(LOCKS.glob("*.txt")), ROOT / "package-lock.json"]
    return [line for file in files for line in _lines_with_hosts(file)]


def _lines_with_hosts(file: Path) -> list[str]:
    lines = enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
    name = file.relative_to(ROOT)
    return [f"{name}:{number}: {line.strip()}" for number, line in lines if "://" in line]
