"""Commands for operators. Results on standard output, progress on standard error."""

from __future__ import annotations

import sys

import click
from flask import Flask, current_app

from community.core import audit, jobs, serving, worker
from community.core.db import transaction
from community.core.help import load_lines
from community.core.identifiers.cli import identifiers_group
from community.core.store import settings


def init_app(app: Flask) -> None:
    """Register the core's commands."""
    app.cli.add_command(work)
    app.cli.add_command(audit_group)
    app.cli.add_command(identifiers_group)


@click.command("worker")
@click.option("--one", default="", help="Run one claimed job, by its id, and end.")
@click.option("--of", default="", help="Which worker claimed it.")
@click.option("--until-idle", is_flag=True, help="End when no job is due.")
def work(one: str, of: str, until_idle: bool) -> None:
    """Run the job table in this process."""
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    if one:
        sys.exit(0 if worker.run_one(one, of) else 1)
    try:
        serving.begin(settings().instance_dir)
    except serving.Served as problem:
        sys.exit(str(problem))
    if until_idle:
        worker.work(app, worker.name_here("worker"), until_idle=True)
    else:
        worker.work_for_ever(app)


@click.group("audit")
def audit_group() -> None:
    """The chain of acts by people with a duty."""


@audit_group.command("verify")
def verify() -> None:
    """Check that no entry of the audit chain was changed or removed."""
    broken = audit.first_break()
    if broken is not None:
        click.echo(f"The audit chain breaks at entry {broken}.")
        sys.exit(1)
    click.echo("The audit chain is whole.")


def load_core_data() -> None:
    """What every instance starts with; called by ``flask setup``."""
    with transaction():
        load_lines()


__all__ = ["init_app", "jobs", "load_core_data"]
