"""Which pages somebody can reach from the home page, by links alone, and examples of each kind."""

from __future__ import annotations

import html
import re
from collections import defaultdict, deque
from dataclasses import dataclass, field
from urllib.error import HTTPError
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit
from urllib.request import Request, urlopen

from flask import Flask
from werkzeug.exceptions import HTTPException

from community.app import create_app
from config import read_settings
from tests.journeys.person import Person, an_address
from tests.journeys.site import Site

# Not pages: files, what only machines ask, and what ends the visit.
NOT_PAGES = ("static", "door.", "security.logout")
# Pages of one address that are opened to find links, and the looks that differ only by what they are about.
OPENED = 12
# Of these, how many find all kinds but one in a hundred: a third of the time.
OPENED_FOR_A_SAMPLE = 5


@dataclass(frozen=True, order=True)
class Kind:
    """Pages that are the same but for what they are about."""

    endpoint: str
    asked: tuple[str, ...] = ()
    look: str = ""

    def __str__(self) -> str:
        asked = "+".join(self.asked)
        return ".".join(part for part in (self.endpoint, self.look, asked) if part).replace("/", "-")


@dataclass
class Atlas:
    """The pages found, by kind; each with at most so many examples."""

    examples: dict[Kind, list[str]] = field(default_factory=lambda: defaultdict(list))
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class _Links:
    """What a page leads to, and how spaces look on it."""

    found: list[str]
    look: str


_HREF = re.compile(r'<a\s(?:[^>]*\s)?href="([^"]+)"')
_SPACE = re.compile(r'class="((?:[^"]*\s)?space(?:\s[^"]*)?)"')


def explore(person: Person, app: Flask, each: int = 1, most: int = 1500, of_a_kind: int = OPENED) -> Atlas:
    """Go through the site link by link.

    :param each: how many pages of a kind are kept as examples.
    :param most: how many pages are opened at all; ``of_a_kind``: of one kind.
    """
    atlas, opened = Atlas(), 0
    times: dict[Kind, int] = defaultdict(int)
    asking = _asking(person)
    waiting, seen = deque([f"/{person.lang}/"]), {f"/{person.lang}/"}
    while waiting and opened < most:
        path = waiting.popleft()
        kind = kind_of(app, path)
        if kind is None or times[kind] >= max(of_a_kind, each):
            continue
        times[kind] += 1
        opened += 1
        links = _open(person.site.address + path, asking, atlas)
        if links is None:
            continue
        kept = atlas.examples[Kind(kind.endpoint, kind.asked, links.look or kind.look)]
        if len(kept) < each:
            kept.append(path)
        for link in links.found:
            inside = _inside(person.site, path, link)
            if inside.startswith(f"/{person.lang}/") and inside not in seen:
                seen.add(inside)
                waiting.append(inside)
    return atlas


def kind_of(app: Flask, path: str) -> Kind | None:
    """The kind of a path; None for what is no page of its own."""
    parts = urlsplit(path)
    try:
        endpoint, _ = app.url_map.bind("localhost").match(parts.path)
    except HTTPException:
        return Kind("nowhere", (parts.path,))
    if endpoint.startswith(NOT_PAGES):
        return None
    look = parts.path.rsplit("/", 1)[-1] if endpoint == "core.text" else ""
    return Kind(endpoint, tuple(sorted({name for name, value in parse_qsl(parts.query) if value})), look)


def program(site: Site) -> Flask:
    """The program itself, asked only for the names of its pages."""
    return create_app(read_settings({**site.environment(), "JOBS": "none"}), RATELIMIT_ENABLED=False)


def _asking(person: Person) -> dict[str, str]:
    """The headers of somebody who is signed in, for pages that are read and not drawn."""
    cookies = "; ".join(f"{one['name']}={one['value']}" for one in person.context.cookies())
    return {**an_address(), "Cookie": cookies, "Accept-Language": f"{person.lang}-CA"}


def _open(address: str, asking: dict[str, str], atlas: Atlas) -> _Links | None:
    try:
        with urlopen(Request(address, headers=asking)) as answer:  # noqa: S310 - ours
            if "text/html" not in answer.headers.get("content-type", ""):
                return None
            return _links_of(answer.read().decode())
    except HTTPError as refused:
        atlas.broken.append(f"{urlsplit(address).path}: {refused.code}")
        return None


def _links_of(page: str) -> _Links:
    """Every link of a page. Ours write attributes in double quotes; a parser takes fifty times as long."""
    looks = [name[2:] for found in _SPACE.findall(page) for name in found.split() if name.startswith("k-")]
    look = "" if not _SPACE.search(page) else (looks or ["clinical"])[-1]
    return _Links([html.unescape(link) for link in _HREF.findall(page)], look)


def _inside(site: Site, path: str, link: str) -> str:
    whole = urldefrag(urljoin(site.address + path, link)).url
    return whole.removeprefix(site.address) if whole.startswith(site.address + "/") else ""
