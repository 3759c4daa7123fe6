"""The demonstration's commands: results on standard output, progress on standard error."""

from __future__ import annotations

import sys

import click
from flask.cli import AppGroup

from community.core.store import settings
from community.demo.loader import load as loader
from community.search import services as search

demo_group = AppGroup("demo", help="The demonstration community.")


@demo_group.command("load")
def load() -> None:
    """Load the invented people and their conversations. A second time changes nothing."""
    if not settings().demonstration:
        click.echo("This is a production instance: the demonstration is never loaded into one.", err=True)
        sys.exit(2)
    try:
        written = loader.load(lambda words: click.echo(words, err=True))
        if any(written.values()):
            click.echo("Making it searchable …", err=True)
            search.rebuild()
    except loader.CannotLoad as problem:
        click.echo(str(problem), err=True)
        sys.exit(1)
    click.echo("\n".join(f"{what}: {number}" for what, number in written.items()))


@demo_group.command("check")
def check() -> None:
    """Say what in the files of the demonstration cannot be."""
    found = loader.check()
    click.echo("\n".join(found) or "The files of the demonstration have no faults.")
    sys.exit(1 if found else 0)
