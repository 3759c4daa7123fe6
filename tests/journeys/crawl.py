"""Which pages somebody can reach from the home page, by links alone, and examples of each kind."""

from __future__ import annotations

from collections import defaultdict, deque
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from community.app import create_app
from config import read_settings
from tests.journeys.person import Person
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


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self.look = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "a" and values.get("href"):
            self.found.append(str(values["href"]))
        if "space" in (classes := str(values.get("class") or "").split()):
            self.look = next((name[2:] for name in classes if name.startswith("k-")), "clinical")


def explore(person: Person, app: Flask, each: int = 1, most: int = 1500, of_a_kind: int = OPENED) -> Atlas:
    """Go through the site link by link.

    :param each: how many pages of a kind are kept as examples.
    :param most: how many pages are opened at all; ``of_a_kind``: of one kind.
    """
    atlas, opened = Atlas(), 0
    times: dict[Kind, int] = defaultdict(int)
    waiting, seen = deque([f"/{person.lang}/"]), {f"/{person.lang}/"}
    while waiting and opened < most:
        path = waiting.popleft()
        kind = kind_of(app, path)
        if kind is None or times[kind] >= max(of_a_kind, each):
            continue
        times[kind] += 1
        opened += 1
        links = _open(person, path, atlas)
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
    return create_app(read_settings({**site.environment(), "JOBS": "none"}))


def _open(person: Person, path: str, atlas: Atlas) -> _Links | None:
    answer = person.context.request.get(person.site.address + path)
    if answer.status != 200:
        atlas.broken.append(f"{path}: {answer.status}")
        return None
    if "text/html" not in answer.headers.get("content-type", ""):
        return None
    links = _Links()
    links.feed(answer.text())
    return links


def _inside(site: Site, path: str, link: str) -> str:
    whole = urldefrag(urljoin(site.address + path, link)).url
    return whole.removeprefix(site.address) if whole.startswith(site.address + "/") else ""
