"""Pages of members that are the same for many of them but in a few places.

Such a page is made once, for a stand-in who has the rights of its readers and nothing else of them: whoever
makes it cannot put anybody into it, because nobody is there. It is kept under everything it was made of;
what is each reader's own (their name, their token, the masthead) is put into its places when it is given.
Where a reader's own thing is one of a few (how closely they follow), the page holds all of them, and the
reader is given one.

Long pages are kept compressed, and are put together so (``joined``); short ones, with many places, as they
are. Those that nobody asked for lately go first.
"""

from __future__ import annotations

import gzip
import re
import secrets
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Flask, Response, current_app, g, request
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup, escape

from community.core import clock
from community.core.i18n import current_language
from community.core.ids import new_key
from community.core.pages.joined import Packed, join, pack, plain

MOST_BYTES = 16 * 1024 * 1024  # of a process; a page takes about 10 kB
MOST_PARTS = 1_024
# Plain letters, so that an address and an attribute take them as they are. Drawn anew by each process:
# a place that somebody could write into a post would tell its author, by a link, who reads it.
_DRAWN = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(16))
_PLACE = re.compile(rf"ZZ{_DRAWN}Z([a-z0-9]+)(?:Z([a-z0-9]+)Z([a-z]*))?ZZ")
_MAKING = "making_shared_page"


def place(name: str) -> str:
    """What stands in a page where something of each reader goes; the name in small letters and digits."""
    return f"ZZ{_DRAWN}Z{name}ZZ"


_TOKEN = place("token")
NOBODY, NAME, MONOGRAM = place("nobody"), place("name"), place("monogram")

Numbers = tuple[object, ...]


@dataclass(frozen=True)
class Text:
    """What is the same for all, as it is, compressed, or both; the token is left open."""

    said: str
    packed: Packed | None = None

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return len(self.said) + (self.packed.size if self.packed else 0)


@dataclass(frozen=True)
class Place:
    """Here goes what is each reader's own."""

    name: str


@dataclass(frozen=True)
class Choice:
    """Here goes one of these, by the reader's own choice."""

    name: str
    among: Mapping[str, Sheet]


Sheet = Sequence[Text | Place | Choice]
Fill = Callable[[], Iterable[Text]]


@dataclass(frozen=True)
class Reader:
    """What goes into the places of a page, and which of the choices."""

    places: Mapping[str, Fill]
    choices: Mapping[str, str]


@dataclass(frozen=True)
class Kept:
    """A page while these numbers stand still, until then at the latest."""

    numbers: Numbers
    until: datetime
    sheet: Sheet
    about: Any = None  # what has to be known of it to fill its places

    @property
    def size(self) -> int:
        """Bytes that it takes, about."""
        return _size(self.sheet)


class SharedPages:
    """The pages of one process, and the parts that stand in the places of all of them."""

    def __init__(self) -> None:
        self.hits = self.misses = self.bytes = 0
        self.parts: dict[Hashable, Sheet] = {}
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, numbers: Numbers) -> Kept | None:
        """The page kept under this key, if it still holds; its places are open."""
        with self._lock:
            found = self._kept.get(key)
            if found is None or found.numbers != numbers or found.until <= clock.now():
                self.misses += 1
                return None
            self.hits += 1
            self._kept.move_to_end(key)
        return found

    def put(self, key: Hashable, kept: Kept) -> None:
        """Keep a page."""
        with self._lock:
            self._forget(key)
            self._kept[key] = kept
            self.bytes += kept.size
            while self.bytes > MOST_BYTES:
                self._forget(next(iter(self._kept)))

    def _forget(self, key: Hashable) -> None:
        found = self._kept.pop(key, None)
        if found is not None:
            self.bytes -= found.size


def init_app(app: Flask) -> None:
    """Keep such pages in this process."""
    app.extensions["shared_pages"] = SharedPages()


def pages() -> SharedPages:
    """Those of this site."""
    found: SharedPages = current_app.extensions["shared_pages"]
    return found


# Making


class making:  # noqa: N801 - reads as a sentence: with making(): …
    """A block in which a page is made for everybody: what is one reader's own is left open."""

    def __enter__(self) -> None:
        setattr(g, _MAKING, True)

    def __exit__(self, *_problem: object) -> None:
        delattr(g, _MAKING)


def in_making() -> bool:
    """Whether a page for many is being made."""
    return bool(g.get(_MAKING))


def left_open(name: str) -> Markup:
    """A place as HTML."""
    return Markup(place(name))  # noqa: S704 - plain letters


def own_place(name: str, value: object) -> object:
    """What is one reader's own; while a page for many is made, its place."""
    return left_open(name) if in_making() else value


def form_key() -> str:
    """The hidden key of a form: a new one, or its place."""
    return place("form") if in_making() else new_key()


def one_of(name: str, among: Sequence[str], chosen: str, caller: Callable[[str], str]) -> Markup:
    """What this reader chose; while a page for many is made, everything that one may choose.

    In a template: ``{% call(level) one_of("level", levels, mine) %}…{% endcall %}``

    :param name: in small letters and digits, as are the choices; ``chosen`` is one of ``among``.
    """
    if not in_making():
        return Markup(caller(chosen))  # noqa: S704 - a template's own block
    all_of_them = "".join(f"{place(f'whenZ{name}Z{one}')}{caller(one)}" for one in among)
    return Markup(f"{all_of_them}{place('end')}")  # noqa: S704 - the same


def cut(page: str, *, packed: bool = False, plain: bool = False) -> Sheet:
    """A page that was just made, in what stands between its places; its token is left open.

    :param packed: compressed. :param plain: as it is.
    """
    first, *rest = _PLACE.split(page)
    sheet = here = _text(first, packed, plain)
    among: dict[str, Sheet] = {}
    for name, what, which, text in zip(*[iter(rest)] * 4, strict=True):
        if name == "when":
            if here is sheet:
                among = {}
                sheet.append(Choice(what, among))
            here = []
            among[which] = here
        elif name == "end":
            here = sheet
        else:
            here.append(Place(name))
        here += _text(text, packed, plain)
    return sheet


def _text(text: str, packed: bool, plain: bool) -> list[Text | Place | Choice]:
    if not text:
        return []
    token = g.get("csrf_token") or ""
    said = (text.replace(token, _TOKEN) if token else text) if plain else ""
    return [Text(said, pack(text, token) if packed else None)]


def _size(sheet: Sheet) -> int:
    return sum(
        part.size if isinstance(part, Text) else sum(map(_size, part.among.values()))
        for part in sheet
        if not isinstance(part, Place)
    )


def part(made_of: Hashable, make: Callable[[], str]) -> Sheet:
    """What goes into a place and is the same for many: made once for everything that it is made of.

    :param made_of: a name, then every value that stands in it; the language of the page is always one.
    """
    parts, name = pages().parts, (current_language(), made_of)
    found = parts.get(name)
    if found is None:
        if len(parts) >= MOST_PARTS:
            parts.clear()
        found = parts[name] = cut(make(), packed=True, plain=True)
    return found


# Giving


def given(sheet: Sheet, reader: Reader) -> Response:
    """A page that is kept compressed, for one reader. :raises KeyError: they have nothing for a place."""
    said = (text.packed or plain(text.said.encode()) for text in filled(sheet, reader))
    body = join(said, generate_csrf())
    answer = Response(body, mimetype="text/html")
    answer.vary.add("Accept-Encoding")
    if "gzip" in request.headers.get("Accept-Encoding", ""):
        answer.headers["Content-Encoding"] = "gzip"
    else:
        answer.set_data(gzip.decompress(body))
    return answer


def read_out(sheet: Sheet, reader: Reader) -> str:
    """The same of a page that is kept as it is."""
    said = "".join([text.said for text in filled(sheet, reader)])
    return said.replace(_TOKEN, generate_csrf()) if _TOKEN in said else said


def filled(sheet: Sheet, reader: Reader) -> Iterator[Text]:
    """Its parts in order, with the reader's own in its places."""
    for part in sheet:
        if isinstance(part, Text):
            yield part
        elif isinstance(part, Place):
            yield from reader.places[part.name]()
        else:
            yield from filled(part.among[reader.choices[part.name]], reader)


def words(said: str) -> Fill:
    """A text of the reader for one place, not yet escaped."""
    return lambda: (Text(str(escape(said))),)


def html(said: str) -> Fill:
    """What was made for this reader alone, as safe HTML."""
    return lambda: (Text(said),)


def new_form_key() -> Iterable[Text]:
    """A new hidden key for each form."""
    return (Text(new_key()),)
