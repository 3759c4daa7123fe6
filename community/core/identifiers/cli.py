"""``flask identifiers``: what may identify a person in any text, and how well that is seen."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import click

from community.core import clock
from community.core.identifiers import scan
from community.core.identifiers.measuring import measure

LONGEST = 2_000_000  # characters of one text


class _NotALine(ValueError):
    """This line cannot be read; ``args[0]`` says why, without its words."""


@click.group("identifiers")
def identifiers_group() -> None:
    """What in a text may identify a person."""


@identifiers_group.command("scan")
@click.argument("file", type=click.File("rb"), default="-")
def scan_lines(file: BinaryIO) -> None:
    """Read lines {"id", "text", "lang"} of JSON from FILE or standard input.

    Writes for each, in their order, {"id", "level", "findings": [{"kind", "start", "end"}]}. Start and end
    count the characters of the text. A line that cannot be read is told on standard error, by its number.
    """
    read, bad = 0, 0
    for number, line in enumerate(file, start=1):
        if not line.strip():
            continue
        try:
            said = _post(line, first=number == 1)
        except _NotALine as problem:
            bad += 1
            click.echo(f"line {number}: {problem}", err=True)
            continue
        read += 1
        click.echo(json.dumps(_result(said), ensure_ascii=False))
    if bad and not read:
        click.echo("No line could be read.", err=True)
        sys.exit(1)


def _post(line: bytes, *, first: bool) -> dict[str, Any]:
    try:
        said = json.loads(line.decode("utf-8-sig" if first else "utf-8"))
    except UnicodeDecodeError:
        raise _NotALine("not UTF-8") from None
    except (ValueError, RecursionError):
        raise _NotALine("not JSON") from None
    if not isinstance(said, dict):
        raise _NotALine("not an object")
    if not isinstance(said.get("text"), str):
        raise _NotALine("no text")
    if len(said["text"]) > LONGEST:
        raise _NotALine(f"more than {LONGEST} characters")
    return said


def _result(said: dict[str, Any]) -> dict[str, Any]:
    found = scan(said["text"])
    findings = [{"kind": one.kind, "start": one.start, "end": one.end} for one in found.findings]
    return {"id": said.get("id"), "level": found.level, "findings": findings}


@identifiers_group.command("measure")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--keep", type=click.Path(path_type=Path), help="Write the figures to this file, with the day.")
def measure_posts(file: Path, keep: Path | None) -> None:
    """Count what is found of the labelled posts of FILE, and what is found where nothing is."""
    figures = measure(_labelled(file)).as_values()
    said = json.dumps({"measured": clock.today().isoformat(), **figures}, ensure_ascii=False, indent=1)
    if keep:
        keep.write_text(said + "\n", encoding="utf-8")
    click.echo(said)


def _labelled(file: Path) -> Iterator[dict[str, Any]]:
    with file.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)
