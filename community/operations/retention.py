"""How long what is kept: each domain says it beside the code that drops it.

``flask privacy documents`` writes ``docs/privacy/retention.md`` from these rules, and the build compares.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One thing that does not stay: what, how long, in which table, and what drops it."""

    what: str
    kept: str
    table: str
    by: str


_rules: dict[tuple[str, str], Rule] = {}


def rule(what: str, kept: str, *, table: str, by: str) -> None:
    """Say how long something is kept.

    :param kept: in English words, made of the constant that the code goes by.
    :param by: the job or the act that drops it.
    """
    _rules[(table, what)] = Rule(what, kept, table, by)


def rules() -> list[Rule]:
    """Every rule, by table."""
    return [_rules[key] for key in sorted(_rules)]


def as_markdown() -> str:
    """The rules as one table."""
    lines = [
        "# How long what is kept",
        "",
        "Written from the code by `flask privacy documents`; do not edit. What is not named here stays",
        "until its owner withdraws it or leaves: see [the inventory](inventory.md).",
        "",
        "| What | Kept | Table | Dropped by |",
        "| --- | --- | --- | --- |",
    ]
    lines += [f"| {one.what} | {one.kept} | `{one.table}` | {one.by} |" for one in rules()]
    return "\n".join(lines) + "\n"
