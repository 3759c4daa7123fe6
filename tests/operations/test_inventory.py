"""Nothing is kept that nobody can say what for: the inventory and the tables agree."""

from __future__ import annotations

import copy

import pytest
import sqlalchemy as sa

from community.accounts.privacy.cli import FOLDER
from community.core.db import db
from community.operations import inventory, retention


def test_every_column_of_every_table_has_a_purpose(app):
    assert inventory.problems(FOLDER) == []


def test_the_pages_are_as_the_command_writes_them(app):
    answer = app.test_cli_runner().invoke(args=["privacy", "documents", "--check"])
    assert answer.exit_code == 0, answer.output


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda tables: tables.pop("draft"), "the table draft is not in the inventory"),
        (lambda tables: tables["draft"]["columns"].pop("sealed"), "draft.sealed: no purpose"),
        (lambda tables: tables["draft"]["columns"].update(sealed=" "), "draft.sealed: no purpose"),
        (lambda tables: tables["draft"]["columns"].update(mood="how it felt"), "draft.mood is not there"),
        (lambda tables: tables["draft"].update(kept=""), "draft: no kept"),
        (lambda tables: tables.update(diary={}), "the table diary of the inventory is not there"),
    ],
)
def test_what_is_missing_is_said(app, spoil, said):
    tables = copy.deepcopy(inventory.described(FOLDER))
    spoil(tables)
    assert said in inventory.compared(tables, db.metadata)


def test_a_side_is_the_side_that_the_tables_show(app):
    """What points at an account is on its side, what points at a name on the other, and nothing at both."""
    tables = inventory.described(FOLDER)
    for name, table in db.metadata.tables.items():
        towards = {key.column.table.name for key in table.foreign_keys}
        assert not {"member", "persona"} <= towards, name
        if "member" in towards:
            assert tables[name]["side"] == "account", name
        if "persona" in towards:
            assert tables[name]["side"] != "account", name


def test_a_rule_of_retention_is_about_a_table_that_is_there(app):
    assert {rule.table for rule in retention.rules()} <= set(db.metadata.tables)
    assert isinstance(db.metadata, sa.MetaData)
