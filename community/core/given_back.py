"""Memory that was freed and goes back to the system: by itself, only what lies at the end of a heap does.

What is put together for one answer lies between what is kept, and stays with the process when it is free
again: 4 to 9 MB after all pages of the bench. glibc gives it back when it is asked to (malloc_trim(3)).
Python's own small pieces are no part of this: they lie in arenas, which go back when they are empty.
"""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache

EVERY = 10.0  # seconds; it takes about a thousandth of one, in which only other C code may have to wait


def give_back() -> bool:
    """Ask for it once. Returns whether anything went back; never where the C library has no such function."""
    trim = _trim()
    return bool(trim is not None and trim(0))


@cache
def _trim() -> Callable[[int], int] | None:
    if not sys.platform.startswith("linux"):
        return None
    # The C library the process runs with; others than glibc (musl) have no such function.
    found: Callable[[int], int] | None = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if found is not None:
        found.argtypes, found.restype = [ctypes.c_size_t], ctypes.c_int  # type: ignore[attr-defined]
    return found
