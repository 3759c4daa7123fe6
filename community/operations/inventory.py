"""Every table and every column with its purpose: nothing is kept that nobody can say what for.

``docs/privacy/inventory.toml`` is written by hand, the page beside it is made of it, and the build
compares both with the tables of the models.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from community.core.db import db

FILE = "inventory.toml"
SIDES = {
    "account": "how one comes in: knows no name that is written under",
    "persona": "what a name wrote or chose: knows no account",
    "vault": "the sealed door between the two",
    "community": "what belongs to everybody, and names nobody or those who acted for all",
    "operation": "what keeps the site running",
}
_FACTS = ("purpose", "side", "kept")
Tables = dict[str, dict[str, Any]]


def described(folder: Path) -> Tables:
    """The tables as the inventory has them."""
    tables: Tables = tomllib.loads((folder / FILE).read_text("utf-8"))["table"]
    return tables


def problems(folder: Path) -> list[str]:
    """What the inventory lacks, or has too much of: a sentence each."""
    return compared(described(folder), db.metadata)


def compared(tables: Tables, schema: sa.MetaData) -> list[str]:
    """The same for any tables."""
    found = [f"the table {name} is not in the inventory" for name in sorted(set(schema.tables) - set(tables))]
    found += [
        f"the table {name} of the inventory is not there" for name in sorted(set(tables) - set(schema.tables))
    ]
    for name in sorted(set(tables) & set(schema.tables)):
        found += _compared(name, tables[name], schema.tables[name])
    return found


def _compared(name: str, said: dict[str, Any], table: sa.Table) -> list[str]:
    found = [f"{name}: no {fact}" for fact in _FACTS if not str(said.get(fact, "")).strip()]
    if said.get("side") not in SIDES:
        found.append(f"{name}: a side is one of {', '.join(SIDES)}")
    columns, there = said.get("columns", {}), {column.name for column in table.columns}
    found += [
        f"{name}.{column}: no purpose" for column in sorted(there) if not str(columns.get(column, "")).strip()
    ]
    return found + [f"{name}.{column} is not there" for column in sorted(set(columns) - there)]


def as_markdown(folder: Path) -> str:
    """The inventory as a page."""
    lines = [
        "# Data inventory",
        "",
        "Written by `flask privacy documents` from [inventory.toml](inventory.toml); do not edit. The build",
        "fails when a table or a column has no purpose.",
        "",
        *(f"- **{side}**: {means}" for side, means in SIDES.items()),
    ]
    tables = described(folder)
    for side in SIDES:
        lines += ["", f"## {side.capitalize()}"]
        for name in sorted(name for name, said in tables.items() if said.get("side") == side):
            lines += _page_of(name, tables[name])
    return "\n".join(lines) + "\n"


def _page_of(name: str, said: dict[str, Any]) -> list[str]:
    columns = [f"| `{column}` | {purpose} |" for column, purpose in said.get("columns", {}).items()]
    head = ["", f"### {name}", "", f"{said.get('purpose', '')} Kept: {said.get('kept', '')}."]
    return [*head, "", "| Column | What for |", "| --- | --- |", *columns]
