"""Commands of the privacy centre. Results on standard output, progress on standard error."""

from __future__ import annotations

import sys
from pathlib import Path

import click
from flask import Flask

from community.accounts.privacy import importing, packing
from community.core.db import transaction
from community.core.errors import CommunityError
from community.operations import inventory, retention
from config import ROOT

FOLDER = ROOT / "docs" / "privacy"


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(privacy_group)


@click.group("privacy")
def privacy_group() -> None:
    """What is kept of people."""


@privacy_group.command("import")
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def load(archive: Path) -> None:
    """Load the ARCHIVE of a name into a community that lacks it.

    Nobody is behind the name until its owner, having joined, gives the code that this prints. Titles and
    duties are not loaded: they are checked and given anew.
    """
    try:
        with transaction():
            loaded = importing.load(packing.opened(archive.read_bytes()))
    except packing.BadArchive as problem:
        sys.exit(str(problem))
    except CommunityError as problem:
        sys.exit(str(problem.sentence))
    for part, count in loaded.rows.items():
        click.echo(f"{part}: {count}", err=True)
    click.echo(loaded.code)


@privacy_group.command("documents")
@click.option("--check", is_flag=True, help="Write nothing: say what is not as it would be written.")
def documents(check: bool) -> None:
    """Write docs/privacy: the inventory of every column, and how long what is kept."""
    problems = inventory.problems(FOLDER)
    pages = {"inventory.md": inventory.as_markdown(FOLDER), "retention.md": retention.as_markdown()}
    for name, text in pages.items():
        path = FOLDER / name
        if not check:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text("utf-8") != text:
            problems.append(f"docs/privacy/{name} is not as the code is: flask privacy documents")
    if problems:
        sys.exit("\n".join(problems))
