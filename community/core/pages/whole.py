"""Public pages for whoever is not signed in, kept whole and compressed.

A domain names an address and what its page is made of (``keep``): a version, worked out from the rows
themselves. A page is given again only while its version is the same, so that what was withdrawn, hidden or
ended is gone at the next request, in every process, without anything being told. Where the database counts
the changes of those rows (``stamps``), the version is worked out anew only when one of the numbers moved,
or time alone may have changed what is said.

No page is kept that was made for somebody: a request with any cookie but the colour theme goes to the
program, and so does an answer that sets one, or that is no complete page.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection

from community.core import cache, clock, logs
from community.core import help as helplines
from community.core.changes import stamps
from community.core.ids import new_key
from config import ROOT

Start = Callable[..., Any]
Environ = dict[str, Any]

_THEME = re.compile(r"(?:theme=(light|dark))?")
_PAGE = re.compile(r"(?:page=([1-9]\d{0,4}))?")
_KEPT_LEVEL = 6  # compressed once and sent often
MOST_NAMED = 8_192
LINES_HOLD = timedelta(seconds=30)  # help lines are read again as often, see core.help
_UNLIKE = frozenset({"x-request-id", "content-length", "set-cookie", "date"})
_MADE_OF = ("templates", "static/build", "community", "config.py")


@dataclass(frozen=True)
class Version:
    """What a page is made of, as a short text, and when time alone may next change it."""

    words: str
    until: datetime


# Language, key in the address, number of the page; None for a page that is not for everyone.
VersionOf = Callable[[str, str, int], Version | None]
# Key in the address; the numbers of the rows, None where nobody counts.
StampsOf = Callable[[stamps.Reader, str], tuple[Any, ...] | None]


@dataclass(frozen=True)
class Kind:
    """One kind of page that is kept: its endpoint (for the log), its address, its version."""

    endpoint: str
    address: re.Pattern[str]
    version: VersionOf
    stamps: StampsOf


_kinds: list[Kind] = []


def keep(endpoint: str, address: str, version: VersionOf, stamps: StampsOf) -> None:
    """Keep the pages of ``/<language>/<address>``; the address has one group, the key of the thing.

    :param version: what the page is made of. :param stamps: the numbers of the rows it is worked out from.
    """
    kind = Kind(endpoint, re.compile(rf"/(fr|en)/{address}"), version, stamps)
    if kind not in _kinds:
        _kinds[:] = [*(one for one in _kinds if one.endpoint != endpoint), kind]


def init_app(app: Flask) -> None:
    """Stand in front of the program; not while templates are being worked on."""
    if app.extensions["settings"].stage != "development":
        app.wsgi_app = WholePages(app, app.wsgi_app)  # type: ignore[method-assign]


@dataclass(frozen=True)
class Asked:
    """A request that a kept page may answer."""

    kind: Kind
    lang: str
    key: str
    page: int
    theme: str
    address: str


@dataclass(frozen=True)
class Whole:
    """An answer: what its headers and its compressed body are."""

    tag: str
    headers: list[tuple[str, str]]
    body: bytes

    def pack(self) -> bytes:
        """As bytes for the cache."""
        return b"\n".join((self.tag.encode(), json.dumps(self.headers).encode(), self.body))

    @classmethod
    def unpack(cls, packed: bytes) -> Whole:
        """What :meth:`pack` made."""
        tag, headers, body = packed.split(b"\n", 2)
        return cls(tag.decode(), list(_headers(headers)), body)


@dataclass(frozen=True)
class Named:
    """Under which name a page is kept while these numbers stand still, and until when at the latest."""

    name: str
    stamps: tuple[Any, ...]
    until: datetime


class WholePages:
    """A WSGI application around the program."""

    def __init__(self, app: Flask, program: Callable[..., Iterable[bytes]]) -> None:
        self.app, self.program = app, program
        self.site = _fingerprint(app)
        self.reader = stamps.Reader(app)
        self.named: dict[tuple[str, str], Named] = {}

    @property
    def cache(self) -> cache.Cache:
        """Where pages are kept."""
        found: cache.Cache = self.app.extensions["cache"]
        return found

    def __call__(self, environ: Environ, start_response: Start) -> Iterable[bytes]:
        """Answer with a kept page, or ask the program and keep what it says."""
        asked = _read(environ)
        if asked is None:
            return self.program(environ, start_response)
        began = time.perf_counter()
        name = self._name(asked)
        if name is None:
            return self.program(environ, start_response)
        packed = self.cache.get(name)
        if packed is None:
            return self._make(asked, name, environ, start_response)
        logs.tell_kept(asked.kind.endpoint, began)
        return _send(Whole.unpack(packed), environ, start_response)

    def _name(self, asked: Asked) -> str | None:
        """What the page of now is kept under; a context of the application begins where rows are asked."""
        place = (asked.address, asked.theme)
        try:
            found = asked.kind.stamps(self.reader, asked.key)
            known = self.named.get(place)
            if found and known and known.stamps == found and clock.now() < known.until:
                return known.name
            with self.app.app_context():
                version = asked.kind.version(asked.lang, asked.key, asked.page)
                lines = helplines.fingerprint()
        except (DBAPIError, NoConnection):
            return None  # the program says what is the matter
        if version is None:
            return None
        said = "\n".join((self.site, lines, asked.address, asked.theme, version.words))
        name = hashlib.blake2b(said.encode(), digest_size=20).hexdigest()
        if found:
            # The numbers were read first: what changed in between raises them.
            self._remember(place, Named(name, found, min(version.until, clock.now() + LINES_HOLD)))
        return name

    def _remember(self, place: tuple[str, str], named: Named) -> None:
        if len(self.named) >= MOST_NAMED:
            self.named = {}
        self.named[place] = named

    def _make(self, asked: Asked, name: str, environ: Environ, start_response: Start) -> Iterable[bytes]:
        caught: list[Any] = []

        def catch(status: str, headers: list[tuple[str, str]], *_rest: Any) -> Any:
            caught[:] = [status, headers]
            return lambda _data: None

        answer = self.program(environ, catch)
        try:
            body = b"".join(answer)
        finally:
            if hasattr(answer, "close"):
                answer.close()
        status, headers = caught
        sent = {header.lower(): value for header, value in headers}
        # Where something changed while it was made it may hold the old and be called the new.
        if _may_be_kept(status, sent) and self._name(asked) == name:
            kept = [(header, value) for header, value in headers if header.lower() not in _UNLIKE]
            self.cache.put(name, Whole(f'W/"{name}"', kept, _smaller(body)).pack())
        start_response(status, headers)
        return [body]


def _read(environ: Environ) -> Asked | None:
    """The request, if a page that is kept may answer it."""
    if environ["REQUEST_METHOD"] != "GET" or "gzip" not in environ.get("HTTP_ACCEPT_ENCODING", ""):
        return None
    theme = _THEME.fullmatch(environ.get("HTTP_COOKIE", ""))
    page = _PAGE.fullmatch(environ.get("QUERY_STRING", ""))
    if theme is None or page is None or "HTTP_AUTHORIZATION" in environ or environ.get("SCRIPT_NAME"):
        return None
    for kind in _kinds:
        if found := kind.address.fullmatch(environ["PATH_INFO"]):
            address = f"{environ['PATH_INFO']}?{environ.get('QUERY_STRING', '')}"
            number = int(page.group(1) or 1)
            return Asked(kind, found.group(1), found.group(2), number, theme.group(1) or "", address)
    return None


@lru_cache(maxsize=64)
def _headers(written: bytes) -> tuple[tuple[str, str], ...]:
    """Beside their tag all pages of a kind say the same: it is read once."""
    return tuple((name, value) for name, value in json.loads(written))


def _may_be_kept(status: str, sent: dict[str, str]) -> bool:
    plain = status.startswith("200") and sent.get("content-encoding") == "gzip"
    return plain and "set-cookie" not in sent and "no-store" not in sent.get("cache-control", "")


def _smaller(body: bytes) -> bytes:
    return gzip.compress(gzip.decompress(body), _KEPT_LEVEL, mtime=0)


def _send(whole: Whole, environ: Environ, start_response: Start) -> Iterable[bytes]:
    headers = [*whole.headers, ("ETag", whole.tag), ("X-Request-Id", new_key())]
    if whole.tag in environ.get("HTTP_IF_NONE_MATCH", ""):
        left_out = {"content-encoding", "content-type"}
        start_response("304 Not Modified", [pair for pair in headers if pair[0].lower() not in left_out])
        return []
    start_response("200 OK", [*headers, ("Content-Length", str(len(whole.body)))])
    return [whole.body]


def _fingerprint(app: Flask) -> str:
    """What every page is made of beside its rows: the program, its templates, its settings."""
    digest = hashlib.blake2b(repr(app.extensions["settings"]).encode(), digest_size=16)
    for part in _MADE_OF:
        files = sorted((ROOT / part).rglob("*")) if (ROOT / part).is_dir() else [ROOT / part]
        for file in files:
            if file.suffix in {".py", ".html", ".mo", ".json", ".toml"}:
                state = file.stat()
                digest.update(f"{file}\0{state.st_mtime_ns}\0{state.st_size}\0".encode())
    return digest.hexdigest()
