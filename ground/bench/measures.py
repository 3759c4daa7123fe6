"""What is asked of the site, and what comes of it."""

from __future__ import annotations

import re
import secrets
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from itertools import cycle
from typing import Any
from urllib.parse import quote_plus, urlencode

from ground.bench import client, words
from ground.bench.client import Load, Requests
from ground.bench.serving import HOST, Served

CONNECTIONS = 8
# Who asked each page before, and who asks it when it is measured, counted from whoever replies there: the
# page of a topic in which one wrote is one's own.
BEFORE, OTHERS = 3, 7
SERVICES_PAGE = "/hsds/services?per_page=100"
# Every page is asked in as many rounds as the limit is, and of each the better one counts: a machine that
# gives less for a minute gives less to both.
ROUNDS = 2
WRITTEN_EVERY = 1.0  # seconds between two replies while pages are measured
_TOKEN = re.compile(rb'name="csrf_token" value="([^"]+)"')
_ASSET = re.compile(rb'(?:href|src)="(/static/[^"#]+)')


@dataclass(frozen=True)
class Lengths:
    """Seconds: at eight connections, at one, and before a measure."""

    busy: float = 6.0
    calm: float = 3.0
    warm: float = 2.0


@dataclass(frozen=True)
class Measured:
    """One kind of request: at eight connections, at one, and what it costs the database."""

    busy: Load
    calm: Load
    statements: int | None
    limit: float

    def figures(self) -> dict[str, Any]:
        """As ``--json`` names them."""
        return {
            "rps": round(self.busy.rps, 1),
            "ratio": round(self.busy.rps / self.limit, 3) if self.limit else None,
            "median_ms": round(self.calm.median_ms, 2),
            "p99_ms": round(self.calm.percentile_ms(0.99), 2),
            "bytes": self.busy.bytes,
            "statements": self.statements,
        }


@dataclass
class Bench:
    """A running site of a known size."""

    site: Served
    grown: Mapping[str, Any]
    lengths: Lengths
    limit: float = 0.0
    _tokens: dict[str, tuple[str, str]] = field(default_factory=dict)

    # Pages

    def addresses(self) -> dict[str, tuple[Sequence[str], bool]]:
        """What is asked for each page of the table, and whether by members."""
        topics = [f"/en/topics/{key}" for key in self.grown["public_topics"]]
        spaces = [f"/en/spaces/{slug}" for slug in self.grown["spaces"]]
        everyone = len(self.grown["people"])
        pages: dict[str, tuple[Sequence[str], bool]] = {
            "topic_anonymous": (topics, False),
            "topic_signed_in": (topics, True),
            "space_list": (spaces, True),
            "home": (["/en/"] * everyone, True),
            "queue": (["/en/needs-an-answer"] * everyone, True),
        }
        if self.grown["notices"]:
            pages["notifications"] = (["/en/notifications"] * everyone, True)
        return pages

    def page(self, paths: Sequence[str], *, signed_in: bool) -> Measured:
        """These addresses in turn; signed in, each by the next of the members.

        Each was asked once before, by another member: what is measured is a site that is in use.
        """
        cookies = [one["cookie"] for one in self.grown["people"]] if signed_in else [""]
        before, whose = (cycle([*cookies[on:], *cookies[:on]]) for on in (BEFORE, OTHERS))
        for path in paths:
            client.once(self.site.address, client.get(path, HOST, next(before)))
        asked = [client.get(path, HOST, next(whose)) for path in paths]
        self._ask(client.by_turns(asked), CONNECTIONS, self.lengths.warm)
        busy = self._ask(client.by_turns(asked), CONNECTIONS, self.lengths.busy)
        calm = self._ask(client.by_turns(asked), 1, self.lengths.calm)
        return Measured(busy, calm, self.statements(asked[0]), self.limit)

    def _ask(self, requests: Requests, connections: int, seconds: float) -> Load:
        return client.ask(self.site.address, requests, connections=connections, seconds=seconds)

    def statements(self, request: bytes) -> int | None:
        """What one of these costs the database, asked a second time."""
        counted = request.replace(b"\r\n\r\n", b"\r\nX-Count-Statements: yes\r\n\r\n", 1)
        client.once(self.site.address, counted)
        told = client.header(client.once(self.site.address, counted), "Server-Timing")
        found = re.search(r"sql;desc=(\d+)", told)
        return int(found.group(1)) if found else None

    def cache(self) -> dict[str, int]:
        """How often a kept page was there, and how often it was not."""
        asked = client.get("/healthz", HOST).replace(b"\r\n\r\n", b"\r\nX-Count-Statements: yes\r\n\r\n", 1)
        told = client.header(client.once(self.site.address, asked), "Server-Timing")
        return {name: int(found) for name, found in re.findall(r"(hits|misses);desc=(\d+)", told)}

    def searches(self) -> Measured:
        """The fixed list of questions of two words, by visitors."""
        return self.page([f"/en/search?q={quote_plus(said)}" for said in words.SEARCHES], signed_in=False)

    # Replies

    def reply_maker(self) -> Requests:
        """Replies to the topics of the list in turn, each by the next member."""
        people = cycle(self.grown["people"])
        topics = cycle(self.grown["public_topics"])

        def following() -> bytes:
            return self._reply(next(people), next(topics))

        return following

    def _reply(self, person: Mapping[str, str], topic: str) -> bytes:
        cookie, token = self._token(person)
        said = {
            "csrf_token": token,
            "idem": secrets.token_hex(11),
            "body": f"{words.sentences('en')[0]} {words.sentences('en')[1]} {secrets.token_hex(4)}",
            "lang": "en",
            "basis": "",
        }
        return client.post(f"/en/topics/{topic}/replies", HOST, cookie, urlencode(said).encode())

    def _token(self, person: Mapping[str, str]) -> tuple[str, str]:
        """The cookie of a browser that has opened a form, and the token of the form."""
        if person["persona"] not in self._tokens:
            asked = client.get(f"/en/topics/{self.grown['public_topics'][0]}", HOST, person["cookie"])
            answer = client.once(self.site.address, asked.replace(b"gzip, deflate, br", b"identity"))
            found = _TOKEN.search(answer)
            if found is None:
                raise client.Refused(f"no form on the page: {answer[:200]!r}")
            cookie = client.header(answer, "Set-Cookie").split(";")[0] or person["cookie"]
            self._tokens[person["persona"]] = (cookie, unescape(found.group(1).decode()))
        return self._tokens[person["persona"]]

    def replies(self) -> Load:
        """Replies one after the other, over one connection."""
        make = self.reply_maker()
        for person in self.grown["people"]:
            self._token(person)  # a page of a form is not what is measured
        self._ask(make, 1, self.lengths.warm)
        return self._ask(make, 1, self.lengths.calm)

    @contextmanager
    def being_written_in(self) -> Iterator[None]:
        """One reply a second, for as long as the block lasts."""
        over, make = threading.Event(), self.reply_maker()

        def write() -> None:
            while not over.wait(WRITTEN_EVERY):
                client.once(self.site.address, make())

        writer = threading.Thread(target=write, daemon=True)
        writer.start()
        try:
            yield
        finally:
            over.set()
            writer.join(timeout=10)

    # A first visit

    def cold_load(self, path: str) -> dict[str, int]:
        """A page with everything it names, as a browser that comes for the first time fetches it."""
        page = client.once(self.site.address, client.get(path, HOST))
        plain = client.once(
            self.site.address, client.get(path, HOST).replace(b"gzip, deflate, br", b"identity")
        )
        names = sorted(set(_ASSET.findall(plain)))
        sizes = [len(client.body_of(page))]
        for name in names:
            asset = client.once(self.site.address, client.get(name.decode(), HOST))
            sizes.append(len(client.body_of(asset)))
        return {"requests": len(sizes), "bytes": sum(sizes)}


def measure(bench: Bench, tell: Callable[[str], None]) -> dict[str, Any]:
    """Everything, in the order of the table, while the site is being written in."""
    pages = bench.addresses()
    with bench.being_written_in():
        before = bench.cache()
        rounds = [_round(bench, tell) for _ in range(ROUNDS)]
        cache = {each: number - before[each] for each, number in bench.cache().items()}
        found = {name: max((one[name] for one in rounds), key=lambda one: one["rps"]) for name in pages}
        tell("search")
        searches = [bench.searches() for _ in range(ROUNDS)]
    tell("reply")
    each = [bench.replies() for _ in range(ROUNDS)]
    search, replies = max(searches, key=lambda one: one.calm.rps), max(each, key=lambda one: one.rps)
    return {
        "pages": {name: found[name] for name in list(pages)[:4]},
        "search": {
            "p95_ms": round(search.calm.percentile_ms(0.95), 1),
            "median_ms": round(search.calm.median_ms, 1),
            "rps": round(search.busy.rps, 1),
        },
        "reply": {"median_ms": round(replies.median_ms, 2), "rps": round(replies.rps, 1)},
        "memory_mb": round(bench.site.memory_mb(), 1),
        "more": {
            **{name: found[name] for name in list(pages)[4:]},
            "reply_p99_ms": round(replies.percentile_ms(0.99), 2),
            "reply_rounds_ms": [round(one.median_ms, 2) for one in each],
            "search_rounds_ms": [round(one.calm.percentile_ms(0.95), 1) for one in searches],
            "kept_pages": cache,
            "rounds": {name: [one[name]["rps"] for one in rounds] for name in pages},
            "cold_load": bench.cold_load(pages["topic_anonymous"][0][0]),
        },
    }


def _round(bench: Bench, tell: Callable[[str], None]) -> dict[str, dict[str, Any]]:
    """Every page of the table once."""
    found = {}
    for name, (paths, signed_in) in bench.addresses().items():
        tell(name)
        found[name] = bench.page(paths, signed_in=signed_in).figures()
    return found


def limit_of(limit: Served, lengths: Lengths) -> dict[str, Any]:
    """What the bare route reaches."""
    asked = client.by_turns([client.get("/", HOST)])
    client.ask(limit.address, asked, connections=CONNECTIONS, seconds=lengths.warm)
    busy = client.ask(limit.address, asked, connections=CONNECTIONS, seconds=lengths.busy)
    calm = client.ask(limit.address, asked, connections=1, seconds=lengths.calm)
    return {"rps": round(busy.rps, 1), "median_ms": round(calm.median_ms, 3), "bytes": busy.bytes}
