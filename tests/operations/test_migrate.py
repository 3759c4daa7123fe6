"""Bringing tables up to date: killed in the middle, or twice at once, it leaves one of two states."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
import sqlalchemy as sa
from flask_migrate import Migrate

from community.core.db import db
from community.operations import schema
from ground.console import ROOT
from tests.operations.conftest import instance

# A step that takes long, between two changes; a table with children is made anew, as SQLite does it.
SLOW = '''
"""A slow step."""
import time
from pathlib import Path
import sqlalchemy as sa
from alembic import op

revision, down_revision, branch_labels, depends_on = "5105105105ff", "{after}", None, None

def upgrade():
    op.create_table("slow", sa.Column("id", sa.Integer, primary_key=True))
    with op.batch_alter_table("space", recreate="auto") as table:
        table.alter_column("name_en", existing_type=sa.String(120), type_=sa.String(200))
        table.add_column(sa.Column("added", sa.String(5), server_default=""))
    Path("{mark}").touch()
    time.sleep({seconds})

def downgrade():
    pass
'''


@pytest.fixture
def aged(tmp_path, worker_id):
    """A community whose program has one more step than its tables."""
    with instance(tmp_path, f"aged_{worker_id}") as app:
        db.session.execute(sa.text("INSERT INTO stored (name, value) VALUES ('kept', '1')"))
        db.session.commit()
        shutil.copytree(ROOT / "migrations", tmp_path / "migrations")
        yield app, tmp_path


def add_step(folder: Path, seconds: float) -> None:
    text = SLOW.format(after=schema.newest(), mark=folder / "begun", seconds=seconds)
    (folder / "migrations" / "versions" / "slow.py").write_text(text)


PROGRAM = """
import sys
from flask_migrate import Migrate
from community.app import create_app
from community.core.db import db
from community.operations import schema
from config import read_settings
app = create_app(read_settings())
Migrate(app, db, directory=sys.argv[1], render_as_batch=True)
with app.app_context():
    schema.bring_up_to_date()
"""


def migrating(app, folder: Path) -> subprocess.Popen[bytes]:
    settings = app.extensions["settings"]
    environment = {
        **os.environ,
        "PASSERELLE_ENV": "test",
        "INSTANCE_DIR": str(settings.instance_dir),
        "DATABASE_URL": settings.database_url,
        "KEY_FILE": str(settings.key_file),
        "JOBS": "none",
    }
    command = [sys.executable, "-c", PROGRAM, str(folder / "migrations")]
    return subprocess.Popen(command, cwd=ROOT, env=environment)


def wait_for(path: Path) -> None:
    end = time.monotonic() + 60
    while not path.exists():
        assert time.monotonic() < end
        time.sleep(0.02)


def columns(table: str) -> set[str]:
    with db.engine.connect() as connection:
        found = sa.inspect(connection)
        return {column["name"] for column in found.get_columns(table)} if found.has_table(table) else set()


def test_killed_in_the_middle_it_leaves_the_tables_of_before_and_goes_on_the_next_time(aged):
    app, folder = aged
    before = rows()
    with db.engine.connect() as connection:
        at = schema.revision(connection)
    add_step(folder, 60)
    process = migrating(app, folder)
    wait_for(folder / "begun")
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not columns("slow")
    assert "added" not in columns("space")
    assert rows() == before, "a table made anew takes none of the rows along that belong to its own"
    with db.engine.connect() as connection:
        assert schema.revision(connection) == at
    shorter = folder / "migrations" / "versions" / "slow.py"
    shorter.write_text(re.sub(r"time.sleep\(60\)", "pass", shorter.read_text()))
    assert migrating(app, folder).wait(60) == 0
    assert columns("slow")
    assert rows() == before


def rows() -> dict[str, int]:
    """How many rows the tables have whose parent is made anew."""
    with db.engine.connect() as connection:
        names = ("space", "space_audience", "help_line", "stored")
        return {name: connection.scalar(sa.text(f"SELECT count(*) FROM {name}")) for name in names}  # noqa: S608


def test_two_at_once_wait_for_one_another(aged):
    app, folder = aged
    Migrate(app, db, directory=str(folder / "migrations"), render_as_batch=True)
    add_step(folder, 1)
    done = []

    def migrate():
        with app.app_context():
            done.append(schema.bring_up_to_date())

    threads = [threading.Thread(target=migrate) for _ in range(2)]
    first = done
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(before == after for before, after in first) == [False, True]


def test_the_steps_end_at_the_checks_of_the_models(tmp_path, worker_id):
    """What builds compare of tables are columns and keys: a check that stayed behind would show to nobody."""
    with instance(tmp_path, f"checked_{worker_id}"):
        found = sa.inspect(db.engine)
        there = {
            (name, check["name"]): re.findall(r"'([^']*)'", str(check["sqltext"]))
            for name in db.metadata.tables
            for check in found.get_check_constraints(name)
        }
    wanted = {
        (table.name, str(check.name)): re.findall(r"'([^']*)'", str(check.sqltext))
        for table in db.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, sa.CheckConstraint)
    }
    assert {key: sorted(words) for key, words in there.items()} == {
        key: sorted(words) for key, words in wanted.items()
    }
