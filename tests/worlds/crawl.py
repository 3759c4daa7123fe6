"""Everything somebody can see, by following every link from where a reader begins."""

from __future__ import annotations

import html
import re
from collections import Counter
from collections.abc import Sequence
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

from tests.worlds.stage import Stage

Seen = dict[str, dict[str, Any]]  # address -> status, headers, body
_LINK = re.compile(r'(?:href|src|content)="(/[^"]*)"')
# These differ at every request for reasons that have nothing to do with what is shown.
_OWN = frozenset({"Set-Cookie", "X-Request-Id"})
_ASKED = ("buprenorphine", "l'hébergement", "heron", "witness", "witnes", "zzz", "clinic", "first words")
# Of what is alike for every region and theme, these are enough: two with something in them, one without.
_PLACES = re.compile(r"/(regions|themes)/(?!(?:on|qc|opioids)$)")
_CURSOR = re.compile(r"after(?:=|%(?:25)*3D)([A-Za-z0-9_-]{40,})")
# What the directory lists and what the site says of itself.
_FOR_ALL = re.compile(r"/(?:fr|en)/(?:about|directory|help)(?![a-z-])")
_MOST = 600
_MOST_QUERIES = 4  # of one page with different filters
_MOST_OF_POSTS = 8  # of each small page of a post: its history, the form of a report
_OF_A_POST = re.compile(r"/posts/[^/]+(/[a-z]+)")


def beginnings(languages: Sequence[str] = ("fr", "en")) -> list[str]:
    """Where a reader begins, and what nobody links to."""
    found = ["/", "/robots.txt", "/healthz", "/sitemap.xml", "/favicon.ico", "/nothing-here"]
    for lang in languages:
        found.append(f"/{lang}/sign-in")
        found += [f"/{lang}/", f"/{lang}/menu", f"/{lang}/spaces", f"/{lang}/people", f"/{lang}/nothing-here"]
        found += [f"/{lang}/search?q={words}" for words in _ASKED]
    return found


def crawl(stage: Stage, browser: Any, who: str, starts: Sequence[str], *, everywhere: bool = True) -> Seen:
    """Ask for every address that can be reached from ``starts``; what was answered, whole.

    :param everywhere: also where nothing stands that people of the forum did, which is the same for all.
    """
    languages = {start[1:3] for start in starts if start[3:4] == "/"}
    waiting, seen, queries = list(starts), Seen(), Counter[str]()
    while waiting:
        address = waiting.pop(0)
        if _opaque(address) in seen or (
            address not in starts
            and not (
                _worth_asking(address, languages, queries) and (everywhere or not _FOR_ALL.match(address))
            )
        ):
            continue
        assert len(seen) < _MOST, "the pages lead on for ever"
        stage.act(f"{who} asks for {address}")
        answer = browser.get(address)
        text = _text(answer)
        waiting += _links(address, text, answer.headers.get("Location", ""))
        seen[_opaque(address)] = _said(answer, text)
    return seen


def look(stage: Stage, browser: Any, who: str, addresses: Sequence[str]) -> Seen:
    """Ask for these addresses alone."""
    seen = Seen()
    for address in addresses:
        stage.act(f"{who} looks at {address}")
        answer = browser.get(address)
        seen[_opaque(address)] = _said(answer, _text(answer))
    return seen


def _text(answer: Any) -> str:
    """The answer as text, also where it is an archive or a picture."""
    whole: bytes = answer.get_data()
    return whole.decode("utf-8", "backslashreplace")


def _said(answer: Any, text: str) -> dict[str, Any]:
    return {"status": answer.status, "headers": _headers(answer), "body": _opaque(text)}


def _opaque(text: str) -> str:
    """The same with every cursor as long as it is: sealed, it holds the id of a row, and ids may differ."""
    return _CURSOR.sub(lambda found: f"after={len(found[1])} characters", text)


def _worth_asking(address: str, languages: set[str], queries: Counter[str]) -> bool:
    """Not the same pages in a language that is not asked for, or behind every filter there is."""
    path, _, query = address.partition("?")
    if path[1:3] in {"fr", "en"} - languages or _PLACES.search(path) or path.endswith("/sign-in"):
        return False
    if page_of_post := _OF_A_POST.search(path):
        queries[page_of_post[1]] += 1
        return queries[page_of_post[1]] <= _MOST_OF_POSTS
    queries[path] += bool(query)
    return queries[path] <= _MOST_QUERIES


def _headers(answer: Any) -> list[list[str]]:
    return sorted([name, value] for name, value in answer.headers if name not in _OWN)


def _links(address: str, text: str, location: str) -> list[str]:
    found = [html.unescape(link) for link in _LINK.findall(text)]
    if location and not urlsplit(location).netloc:
        found.append(urljoin(address, location))
    return [urldefrag(link).url for link in dict.fromkeys(found) if not link.startswith(("/static/", "//"))]


def differences(first: Seen, second: Seen) -> list[str]:
    """Where two crawls part: addresses only one has, and the first place at which an answer differs."""
    found = [f"only one world has {address}" for address in sorted(set(first) ^ set(second))]
    for address in sorted(set(first) & set(second)):
        one, other = first[address], second[address]
        for part in ("status", "body", "headers"):
            if one[part] != other[part]:
                found.append(f"{address} {part}: {_first_difference(str(one[part]), str(other[part]))}")
    return found


def _first_difference(one: str, other: str) -> str:
    place = next(
        (n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
    )
    return f"…{one[max(place - 60, 0) : place + 60]!r} / …{other[max(place - 60, 0) : place + 60]!r}"
