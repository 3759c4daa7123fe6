"""Operators' commands: build the index anew, measure how well it finds."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click
from flask import Flask

from community.search import evaluation, service_evaluation, services


def init_app(app: Flask) -> None:
    """Register the commands."""
    app.cli.add_command(search)


@click.group("search")
def search() -> None:
    """The full-text index."""


@search.command("rebuild")
def rebuild() -> None:
    """Index everything anew while the site runs. Interrupted, start it again."""
    started = time.monotonic()
    size = services.rebuild(lambda done: click.echo(f"{done} read", err=True))
    click.echo(json.dumps({"documents": size, "seconds": round(time.monotonic() - started, 1)}))


@search.command("evaluate")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def evaluate(path: Path) -> None:
    """Measure on known answers: JSON lines of `question` and `answer`, or a folder with
    documents.jsonl and queries.jsonl. Uses an index of its own; the site's is not touched."""
    try:
        trial = evaluation.read(path)
    except evaluation.CannotRead as problem:
        raise click.ClickException(str(problem)) from None
    figures = evaluation.run(
        trial, lambda done: click.echo(f"{done} of {len(trial.queries)} asked", err=True)
    )
    click.echo(json.dumps(figures, ensure_ascii=False))


@search.command("evaluate-services")
@click.argument("path", type=click.Path(exists=True, path_type=Path))
def evaluate_services(path: Path) -> None:
    """Measure how well services are found: a list of services with the questions that should find them,
    brought in and indexed before. Prints hit@1 and hit@5 of both languages, and what was missed."""
    try:
        figures = service_evaluation.run(path)
    except evaluation.CannotRead as problem:
        raise click.ClickException(str(problem)) from None
    told = {lang: one.told() for lang, one in figures.items()}
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))
