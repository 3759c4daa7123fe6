"""Pages of members that are the same for many of them but in a few places.

Such a page is made once, for a stand-in who has the rights of its readers and nothing else of them: whoever
makes it cannot put anybody into it, because nobody is there. It is kept under everything it was made of;
what is each reader's own (their name, their token, the masthead) is put into its places when it is given.

The pages of one process are kept compressed; those that nobody asked for lately go first.
"""

from __future__ import annotations

import secrets
import threading
import zlib
from collections import OrderedDict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from datetime import datetime

from flask import Flask, current_app, g
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from community.core import clock
from community.core.ids import new_key

MOST_BYTES = 16 * 1024 * 1024  # of a process; a page takes about 10 kB
_LEVEL = 1
# Plain letters, so that an address and an attribute take them as they are. Drawn anew by each process:
# a place that somebody could write into a post would tell its author, by a link, who reads it.
_DRAWN = secrets.token_hex(8)
NOBODY, NAME, MONOGRAM = (f"ZZshared{_DRAWN}Z{one}ZZ" for one in ("nobody", "name", "monogram"))
_TOKEN, _FORM, _MASTHEAD = (f"ZZshared{_DRAWN}Z{one}ZZ" for one in ("token", "form", "masthead"))
_MAKING = "making_shared_page"

Numbers = tuple[object, ...]


@dataclass(frozen=True)
class Kept:
    """A page while these numbers stand still, until then at the latest."""

    numbers: Numbers
    until: datetime
    packed: bytes


class SharedPages:
    """The pages of one process."""

    def __init__(self) -> None:
        self.hits = self.misses = self.bytes = 0
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, numbers: Numbers) -> str | None:
        """The page kept under this key, if it still holds; its places are open."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.numbers != numbers or found.until <= clock.now():
                self.misses += 1
                return None
            self.hits += 1
            self._kept.move_to_end(key)
        return zlib.decompress(found.packed).decode()

    def put(self, key: Hashable, numbers: Numbers, until: datetime, page: str) -> None:
        """Keep a page."""
        packed = zlib.compress(page.encode(), _LEVEL)
        with self._lock:
            self._forget(key)
            self._kept[key] = Kept(numbers, until, packed)
            self.bytes += len(packed)
            while self.bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.bytes -= len(found.packed)


def init_app(app: Flask) -> None:
    """Keep such pages in this process."""
    app.extensions["shared_pages"] = SharedPages()


def pages() -> SharedPages:
    """Those of this site."""
    found: SharedPages = current_app.extensions["shared_pages"]
    return found


class making:  # noqa: N801 - reads as a sentence: with making(): …
    """A block in which a page is made for everybody: what is one reader's own is left open."""

    def __enter__(self) -> None:
        setattr(g, _MAKING, True)

    def __exit__(self, *_problem: object) -> None:
        delattr(g, _MAKING)


def in_making() -> bool:
    """Whether a page for many is being made."""
    return bool(g.get(_MAKING))


def form_key() -> str:
    """The hidden key of a form: a new one, or its place."""
    return _FORM if in_making() else new_key()


def masthead_place() -> Markup:
    """Where the masthead of each reader goes."""
    return Markup(_MASTHEAD)  # noqa: S704 - plain letters


def opened(page: str) -> str:
    """A page that was just made, with its token left open."""
    token = g.get("csrf_token")
    return page.replace(token, _TOKEN) if token else page


def filled(page: str, reader: Mapping[str, str], masthead: str) -> str:
    """The page for one reader.

    :param reader: what stands for ``NOBODY``, ``NAME`` and ``MONOGRAM``, not yet escaped.
    :param masthead: safe HTML.
    """
    # First what is safe, so that no name can bring a place with it.
    page = page.replace(_TOKEN, generate_csrf()).replace(_MASTHEAD, masthead)
    first, *rest = page.split(_FORM)
    page = "".join([first, *(part for form in rest for part in (new_key(), form))])
    for place, words in reader.items():
        if place in page:
            page = page.replace(place, str(escape(words)))
    return page
