"""The forum's commands for operators: results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import NoReturn

import click
from flask.cli import AppGroup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from community.core.db import db, transaction
from community.forum.importing import questions, stackexchange
from community.forum.importing.plan import Thread
from community.forum.importing.report import Report
from community.forum.importing.store import authors_here, here_already, keep
from community.forum.importing.writeup import ReadyThread, write_up
from community.forum.models import Space

# Threads written in one transaction: what a killed run does again, and what a reply may wait for on
# SQLite (about 200 posts, 0.1 to 0.4 s).
TOGETHER = 20
BREATH = 0.15  # seconds between two portions, longer than SQLite lets a writer of another process sleep


forum_group = AppGroup("forum", help="Discussions of the community.")


@forum_group.command("import")
@click.argument("path", type=click.Path(exists=True, readable=True, path_type=Path))
@click.option("--space", "slug", required=True, help="Where the threads go, for example public-square.")
@click.option("--dry-run", is_flag=True, help="Write nothing; report what would be done.")
@click.option("--site", default="", help="The address of the source: relative links are read against it.")
@click.option("--licence", default="", help="The licence to name, for example CC BY 4.0.")
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), help="The date of questions that carry none.")
@click.option("--json", "as_json", is_flag=True, help="Report as one JSON object.")
def import_threads(
    path: Path, slug: str, dry_run: bool, site: str, licence: str, dated: datetime | None, as_json: bool
) -> None:
    """Bring in threads from PATH.

    PATH is a folder with posts.jsonl, users.jsonl and comments.jsonl (Stack Exchange), or a file of
    questions and answers, one JSON object a line (MedQuAD). A second run changes nothing; one that was
    stopped goes on.
    """
    space_id = _space(slug)
    report = Report()
    done, wrote = 0, False
    for portion in _portions(_threads(path, site, licence, dated, report)):
        if wrote:
            time.sleep(BREATH)  # whoever waits to write has a turn
        wrote = _bring(portion, space_id, report, dry_run=dry_run)
        done += len(portion)
        click.echo(f"{done} threads read, {report.counts['threads']} brought in", err=True)
    click.echo(
        json.dumps(report.as_values(), ensure_ascii=False) if as_json else "\n".join(_said(report, dry_run))
    )


def _said(report: Report, dry_run: bool) -> list[str]:
    first = ["Nothing was written: this is what would be done."] if dry_run else []
    return first + report.as_lines()


def _space(slug: str) -> int:
    found = db.session.scalar(select(Space.id).where(Space.slug == slug, ~Space.archived))
    if found is None:
        slugs = db.session.scalars(select(Space.slug).where(~Space.archived).order_by(Space.position))
        _stop(f"There is no space called {slug}. There are: {', '.join(slugs) or 'none yet (flask setup)'}.")
    return found


def _stop(sentence: str) -> NoReturn:
    click.echo(sentence, err=True)
    sys.exit(2)


def _threads(path: Path, site: str, licence: str, dated: datetime | None, report: Report) -> Iterable[Thread]:
    if path.is_file():
        collection = questions.collection_of(path, site, licence, dated.date() if dated else None)
        return questions.read(path, collection, report)
    if not (path / stackexchange.FILES[0]).is_file():
        _stop(f"{path} is neither a file nor a folder with {', '.join(stackexchange.FILES)}.")
    return stackexchange.read(path, stackexchange.site_of(path, site, licence), report)


def _portions(threads: Iterable[Thread]) -> Iterator[list[Thread]]:
    waiting = iter(threads)
    while portion := list(islice(waiting, TOGETHER)):
        yield portion


def _bring(portion: list[Thread], space_id: int, report: Report, *, dry_run: bool) -> bool:
    """One portion: written up outside of the transaction, then stored whole. Whether anything was stored."""
    known = here_already([thread.key for thread in portion])
    db.session.rollback()  # nothing is held while texts are rendered
    report.count("here_already", len(known))
    made = [write_up(thread, report) for thread in portion if thread.key not in known]
    ready = [thread for thread in made if thread is not None]
    stored = bool(ready) and not dry_run
    report.count("authors", _store(ready, space_id) if stored else _new_authors(ready, report))
    return stored


def _store(ready: list[ReadyThread], space_id: int) -> int:
    for last_try in (False, True):
        try:
            with transaction() as session:
                return keep(ready, session.get_one(Space, space_id))
        except IntegrityError:  # another run wrote the same threads at this very moment
            if last_try:
                raise
    raise AssertionError("unreachable")


def _new_authors(ready: list[ReadyThread], report: Report) -> int:
    authors = {post.author.key: post.author for thread in ready for post in thread.posts}
    fresh = set(authors) - authors_here(authors.values()) - report.authors_counted
    report.authors_counted |= fresh
    return len(fresh)
