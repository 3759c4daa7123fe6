"""The communities of one run of the bench: how large each is, where it stays, with which settings it runs."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from ground.bench.database import database, large_server
from ground.bench.serving import HOST

TOPICS, POSTS = 2_000, 40_000
LARGE_TOPICS, LARGE_POSTS = 50_000, 1_000_000
TENFOLD = 10


@dataclass(frozen=True)
class Size:
    """One community.

    ``first``: how many topics and posts it is grown to before the rest is added to what is there.
    """

    folder: Path
    topics: int
    posts: int
    first: tuple[int, int] | None = None

    @property
    def steps(self) -> tuple[tuple[int, int], ...]:
        """The sizes it grows to, one after the other."""
        return (*([self.first] if self.first else []), (self.topics, self.posts))


def sizes(folder: Path, topics: int, posts: int, *, large: bool, ten: bool) -> list[Size]:
    """What is measured; second, where there is one, what it is compared with: the usual size."""
    usual = Size(folder / f"small-{TOPICS}", TOPICS, POSTS)
    if ten:
        return [Size(folder / f"ten-{topics}", topics, posts, (topics // TENFOLD, posts // TENFOLD)), usual]
    if large:
        beside = Size(folder / f"large-{TOPICS}", TOPICS, POSTS)
        one = Size(folder / f"large-{topics}", topics, posts)
        return [one] if one.folder == beside.folder else [one, beside]
    return [Size(folder / f"small-{topics}", topics, posts)]


@contextlib.contextmanager
def environments(some: Sequence[Size], *, large: bool, growing: bool) -> Iterator[list[dict[str, str]]]:
    """The settings of each site, for as long as the block lasts; at the large size on one PostgreSQL."""
    for one in some:
        one.folder.mkdir(parents=True, exist_ok=True)
    if not large:
        yield [settings_in(one.folder, "") for one in some]
        return
    with large_server(some[0].folder, growing=growing) as server:
        yield [settings_in(one.folder, database(server, one.folder)) for one in some]


def settings_in(folder: Path, address: str) -> dict[str, str]:
    """Those of production, its data in the folder; ``address``: of a PostgreSQL, "" for SQLite."""
    return {
        **os.environ,
        "PASSERELLE_ENV": "production",
        "INSTANCE_DIR": str(folder),
        "KEY_FILE": "",
        "BASE_URL": f"https://{HOST}",
        "MAIL_URL": "smtp://127.0.0.1:9",  # nobody listens: nothing is sent
        "PRIVACY_CONTACT": "nobody",
        "REDIS_URL": "",
        "FILES_URL": "",
        # On PostgreSQL a worker of its own does what is due (serving.working), as docs/operations.md has it.
        "JOBS": "none" if address else "thread",
        "DATABASE_URL": address,
        "MALLOC_ARENA_MAX": "2",  # as in deploy/
    }
