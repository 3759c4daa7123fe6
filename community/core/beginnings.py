"""What a new instance starts with: each domain adds its part, ``flask setup`` loads them all.

A part is loaded again at every set-up, and must be harmless then.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from community.core.db import transaction

Load = Callable[[], int]
_parts: dict[str, Load] = {}


def at_setup(what: str, load: Load) -> None:
    """Have ``load`` called in a transaction by ``flask setup``; it says how many rows it wrote."""
    _parts[what] = load


def load_all() -> Iterator[tuple[str, int]]:
    """Load every part, in the order in which the domains added them."""
    for what, load in _parts.items():
        with transaction():
            written = load()
        yield what, written
