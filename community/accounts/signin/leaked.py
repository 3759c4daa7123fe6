"""The passwords that leaks hold most often: thirty thousand, most frequent first, from the package zxcvbn.

Only its list is read. Importing the package would rank a dozen other lists in memory; so the one file is run
by itself, at the first password that somebody chooses, and all but passwords of eight characters is let go.
"""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from runpy import run_path

from community.core.folding import fold

SHORTEST = 8


@cache
def most_frequent() -> frozenset[str]:
    """Those of eight characters or more, folded. :raises FileNotFoundError: the package is not there."""
    found = find_spec("zxcvbn")
    if found is None or found.origin is None:
        raise FileNotFoundError("zxcvbn is not installed: python3 dev.py installs what the lock names")
    lists = run_path(str(Path(found.origin).with_name("frequency_lists.py")))["FREQUENCY_LISTS"]
    return frozenset(fold(one) for one in lists["passwords"] if len(one) >= SHORTEST)
