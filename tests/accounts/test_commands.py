"""What an operator does from the command line."""

from __future__ import annotations

import subprocess
import sys

import pytest
from sqlalchemy import select

from community.accounts.cli import credentials_group, duties_group, setup
from community.accounts.models import Duty
from community.accounts.services import credentials
from community.app import create_app, start
from community.core import beginnings
from community.core.audit import AuditEntry
from community.core.db import db
from community.core.help import HelpLine
from config import ROOT, read_settings
from tests.conftest import Operator
from tests.make import accounts as make


@pytest.fixture
def run(app):
    return app.test_cli_runner().invoke


def test_duties_are_given_listed_and_taken_by_command_as_the_operator(run, app):
    someone = make.account("robin@example.org")
    found = run(duties_group, ["find", "Robin Brook"])
    assert found.stdout.strip() == someone.persona_id
    unknown = run(duties_group, ["find", "robin brook"])
    assert (unknown.exit_code, unknown.output.strip()) == (1, "No public name is written exactly like this.")
    asked = ["--persona", someone.persona_id, "--duty", "administrator"]
    assert run(duties_group, ["give", *asked]).exit_code == 0
    assert "Robin Brook" in run(duties_group, ["list"]).stdout
    last = run(duties_group, ["take", *asked])
    assert last.exit_code != 0
    assert "needs an administrator" in str(last.exception) + last.output
    actors = db.session.scalars(select(AuditEntry.actor_id)).all()
    assert actors == ["operator"]


@pytest.mark.parametrize(
    "words", [["--duty", "moderator"], ["--duty", "coordinator", "--scope", "x"], ["--duty", "king"]]
)
def test_a_duty_that_cannot_be_given_is_refused_with_a_sentence(run, words):
    someone = make.account("robin@example.org")
    answer = run(duties_group, ["give", "--persona", someone.persona_id, *words])
    assert answer.exit_code != 0
    assert db.session.scalar(select(Duty)) is None


def test_the_founding_operator_verifies_the_first_title(run, app):
    someone = make.account("robin@example.org")
    credentials.claim(someone.viewer, "physician", "on", "12345")
    db.session.commit()
    words = ["decide", "--persona", someone.persona_id, "--decision", "verified"]
    assert run(credentials_group, words).exit_code != 0  # only as a founding decision
    answer = run(credentials_group, [*words, "--founding"])
    assert answer.exit_code == 0, answer.output
    assert answer.stdout.strip() == "physician on: verified"
    assert "clinician" in someone.viewer.audiences
    assert run(credentials_group, [*words, "--founding"]).exit_code != 0  # nothing is left to decide


def test_setting_up_twice_changes_nothing(run, app, monkeypatch):
    calls: list[int] = []

    def load() -> int:
        calls.append(1)
        return 0

    monkeypatch.setattr(beginnings, "_parts", {"things": load})
    before = len(db.session.scalars(select(HelpLine.id)).all())
    assert run(setup).exit_code == 0
    assert run(setup).exit_code == 0
    assert len(db.session.scalars(select(HelpLine.id)).all()) == before
    assert calls == [1, 1]


@pytest.fixture
def operator(tmp_path, monkeypatch):
    """``operator("setup")``: what the command answers on a machine of its own, its program started anew."""
    environment = {"INSTANCE_DIR": str(tmp_path), "DATABASE_URL": "", "PASSERELLE_ENV": "development"}
    for name, value in {**environment, "FLASK_RUN_FROM_CLI": "true"}.items():
        monkeypatch.setenv(name, value)

    def type_in(*words):
        app = start(create_app(read_settings()))
        app.test_cli_runner_class = Operator
        answer = app.test_cli_runner().invoke(args=words)
        with app.app_context():
            db.session.remove()
            db.engine.dispose()
        return answer

    return type_in


def flask(*words):
    command = [sys.executable, "-m", "flask", "--app", "wsgi", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_an_empty_instance_is_set_up_and_a_lost_key_is_never_replaced_silently(tmp_path, operator):
    assert operator("db", "upgrade").exit_code == 0
    first = operator("setup")
    assert first.exit_code == 0, first.stderr
    key = tmp_path / "keys" / "passerelle.keys"
    assert str(key) in first.stderr
    assert first.stdout == ""
    kept = key.read_bytes()
    assert operator("setup").exit_code == 0
    assert key.read_bytes() == kept
    key.unlink()
    refused = flask("setup")  # as it is really started
    assert refused.returncode != 0
    assert "put the right file back" in refused.stderr
    assert not key.exists()
    assert operator("vault", "start-over").exit_code != 0
    over = operator("vault", "start-over", "--yes")
    assert over.exit_code == 0, over.stderr
    assert key.exists()
    assert "is empty" in over.stdout
