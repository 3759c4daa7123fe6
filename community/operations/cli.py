"""Commands for operators. Results on standard output, progress on standard error."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click
from flask import Flask

from community.core import files, serving
from community.core.sealing import keyring
from community.core.store import settings
from community.operations import backup, checks, erasures, restoring, schema
from community.operations.archive import BadArchive

COPY = "erasures.txt"  # of the ledger, beside the backups


def init_app(app: Flask) -> None:
    """Register the commands of operations."""
    for command in (write_backup, restore, check, migrate):
        app.cli.add_command(command)


def say(words: str) -> None:
    """Progress, for whoever watches."""
    click.echo(words, err=True)


@click.command("migrate")
def migrate() -> None:
    """Bring the tables up to date: all of it or nothing. Two at once wait for one another."""
    before, after = schema.bring_up_to_date()
    click.echo(
        f"The tables are at {after}." if before == after else f"From {before or 'nothing'} to {after}."
    )


@click.command("backup")
@click.argument("target")
def write_backup(target: str) -> None:
    """Write a backup to TARGET while the site runs: a folder, a file ending in .tar, or s3://… .

    Prints where it is. The key file is not in it: keep that apart.
    """
    keyring()
    try:
        with _made_for(target) as (path, where):
            count = backup.write(path, say)
    except backup.NotUpToDate as problem:
        sys.exit(str(problem))
    except OSError as problem:
        sys.exit(f"The backup cannot be written: {problem}. What was there before is as it was.")
    say(f"{count} rows.")
    click.echo(where)


@contextmanager
def _made_for(target: str) -> Iterator[tuple[Path, str]]:
    """Where to write; afterwards it lies at the target, with the ledger of erasures beside it."""
    if not target.startswith("s3://"):
        path = Path(target) if target.endswith(".tar") else Path(target) / backup.name_now()
        yield path, str(path)
        _copy_ledger(files.place(str(path.resolve().parent)))
        return
    bucket, name = files.place(target), backup.name_now()
    with tempfile.TemporaryDirectory(dir=settings().instance_dir, prefix="backup-") as folder:
        yield Path(folder) / name, name
        bucket.put(name, Path(folder) / name)
    _copy_ledger(bucket)


def _copy_ledger(place: files.Files) -> None:
    """Marks only ever join the copy: a ledger that was lost takes none away."""
    known = erasures.read(place.get(COPY).decode()) if place.exists(COPY) else frozenset()
    place.put(COPY, erasures.copied(known | erasures.ledger()).encode())


@click.command("restore")
@click.argument("source", required=False)
@click.option("--replace", is_flag=True, help="Yes, what is in the database now goes.")
@click.option(
    "--erasures", "ledgers", multiple=True, type=click.Path(exists=True), help="Another copy of the ledger."
)
@click.option("--finish", is_flag=True, help="Only finish a restore that was cut off.")
def restore(source: str | None, replace: bool, ledgers: tuple[str, ...], finish: bool) -> None:
    """Put the backup SOURCE in place: a file, or s3://…/NAME.tar . Stop the site first: while a process of
    it runs on this machine, nothing is restored.

    Whoever was erased since is erased again, from the ledger of this site, from the copy beside the
    backup and from each --erasures.
    """
    if finish == bool(source):
        sys.exit("Name a backup, or --finish.")
    try:
        with serving.nobody(settings().instance_dir):
            if source:
                say(f"{_put_in_place(source, ledgers, replace=replace)} rows came back.")
            erased = restoring.finish(say)
    except (BadArchive, restoring.NotEmpty, FileNotFoundError, serving.Served) as problem:
        sys.exit(str(problem))
    click.echo(f"Restored. {erased} erased again. Start the site; everybody signs in anew.")


def _put_in_place(source: str, ledgers: tuple[str, ...], *, replace: bool) -> int:
    restoring.take_key()
    with _fetched(source) as (path, marks):
        for copy in ledgers:
            marks |= erasures.read(Path(copy).read_text("ascii"))
        return restoring.restore(path, marks | erasures.ledger(), replace=replace, progress=say)


@contextmanager
def _fetched(source: str) -> Iterator[tuple[Path, frozenset[str]]]:
    """The backup as a file here, and the marks in the copy beside it."""
    if not source.startswith("s3://"):
        path = Path(source)
        copy = path.parent / COPY
        yield path, erasures.read(copy.read_text("ascii")) if copy.exists() else frozenset()
        return
    address, _, query = source.partition("?")
    folder, _, name = address.rpartition("/")
    bucket = files.place(f"{folder}?{query}" if query else folder)
    with tempfile.TemporaryDirectory(dir=settings().instance_dir, prefix="restore-") as here:
        say("fetching")
        bucket.fetch(name, Path(here) / name)
        marks = erasures.read(bucket.get(COPY).decode()) if bucket.exists(COPY) else frozenset()
        yield Path(here) / name, marks


@click.command("check")
@click.option("--json", "as_json", is_flag=True, help="For machines: one object.")
@click.option("--mend", is_flag=True, help="Put counters right. Nothing else is changed.")
def check(as_json: bool, mend: bool) -> None:
    """Look whether what is stored is as it must be, while the site runs. Exit code 1: it is not."""
    results = []
    for result in checks.run(mend=mend):
        results.append(result)
        say(f"{result.name}: {'good' if result.good else 'NOT GOOD'}")
    good = all(result.good for result in results)
    if as_json:
        shown = [{**asdict(result), "good": result.good} for result in results]
        click.echo(json.dumps({"good": good, "checks": shown}, ensure_ascii=False))
    else:
        for result in results:
            _show(result)
        if good:
            click.echo("Everything is as it must be.")
    sys.exit(0 if good else 1)


def _show(result: checks.Result) -> None:
    if result.mended:
        click.echo(f"{result.name}: {result.mended} mended")
    if result.skipped:
        click.echo(f"{result.name}: not looked at, {result.skipped}")
    for sentence in result.found:
        click.echo(f"{result.name}: {sentence}")
    if result.more:
        click.echo(f"{result.name}: and {result.more} more")
