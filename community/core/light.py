"""Imported first: libraries come without what they would bring along for uses that nobody makes here.

Each of them asks for others by ``try: import …`` and does without where they are not installed: drawings of
errors in colours, clients for servers of other kinds, passkeys and providers of their own making. All of it
took thirty megabytes of each process, and a third of the time in which it starts. What this program itself
uses of them, it imports where it uses it.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

BROUGHT_ALONG = {
    "structlog": ("rich",),
    "flask_security": ("authlib", "webauthn"),
    "socketio": ("redis", "valkey", "requests"),
}


@contextmanager
def without(*names: str) -> Iterator[None]:
    """Have these modules answer as if they were not installed, unless they are there already."""
    hidden = [name for name in names if name not in sys.modules]
    sys.modules.update(dict.fromkeys(hidden))  # type: ignore[arg-type]  # None: "there is no such module"
    try:
        yield
    finally:
        for name in hidden:
            del sys.modules[name]


for _library, _others in BROUGHT_ALONG.items():
    with without(*_others):
        import_module(_library)
