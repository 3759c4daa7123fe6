"""What ``dev.py`` decides before it runs anything: which step is due, what is up to date, what counts."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from ground import catalogue, locks, serving, sharing, suite
from ground.commands import COMMANDS, USAGE, main
from ground.console import ROOT
from ground.frontend import major_version
from ground.steps import fingerprint, keep
from ground.suite import Outcome


class Step:
    """A step that counts how often it is done."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> None:
        self.times += 1


@pytest.fixture
def mark(tmp_path: Path) -> Path:
    return tmp_path / "marks" / "step"


def test_a_step_is_done_once(mark: Path) -> None:
    step = Step()
    assert keep(mark, "key", step)
    assert not keep(mark, "key", step)
    assert step.times == 1


def test_a_step_is_done_again_for_another_key(mark: Path) -> None:
    step = Step()
    keep(mark, "before", step)
    keep(mark, "after", step)
    keep(mark, "after", step)
    assert step.times == 2


def test_a_step_is_done_again_when_its_output_is_gone(mark: Path, tmp_path: Path) -> None:
    output, step = tmp_path / "output", Step()
    output.touch()
    keep(mark, "key", step, [output])
    output.unlink()
    assert keep(mark, "key", step, [output])


def test_a_step_that_fails_is_due_again_even_for_what_was_there_before(mark: Path) -> None:
    def break_down() -> None:
        raise OSError

    keep(mark, "old", Step())
    with pytest.raises(OSError):  # noqa: PT011 - any will do
        keep(mark, "new", break_down)
    assert keep(mark, "old", Step())


def test_a_fingerprint_follows_content_and_names(tmp_path: Path) -> None:
    file = tmp_path / "folder" / "a.css"
    file.parent.mkdir()
    file.write_text("one")
    seen = [fingerprint(tmp_path)]
    file.write_text("two")
    seen.append(fingerprint(tmp_path))
    file.rename(file.with_name("b.css"))
    seen.append(fingerprint(tmp_path))
    seen.append(fingerprint(tmp_path, also="another setting"))
    assert len(set(seen)) == 4
    assert seen[2] == fingerprint(tmp_path)


def test_compiled_files_do_not_change_a_fingerprint(tmp_path: Path) -> None:
    before = fingerprint(tmp_path)
    compiled = tmp_path / "fr" / "LC_MESSAGES" / "messages.mo"
    compiled.parent.mkdir(parents=True)
    compiled.touch()
    assert fingerprint(tmp_path) == before


@pytest.mark.parametrize(("printed", "major"), [("v20.20.2\n", 20), ("v8.1", 8), ("", 0), ("not found", 0)])
def test_the_version_of_node_is_read(printed: str, major: int) -> None:
    assert major_version(printed) == major


def migration(folder: Path, revision: str, after: str | None) -> None:
    text = f'revision: str = "{revision}"\ndown_revision: str | None = {after!r}\n'
    (folder / f"{revision}.py").write_text(text.replace("'", '"'))


def test_the_newest_migration_is_the_one_that_nothing_follows(tmp_path: Path) -> None:
    migration(tmp_path, "aaa", None)
    migration(tmp_path, "bbb", "aaa")
    migration(tmp_path, "ccc", "bbb")
    assert serving.newest_revisions(tmp_path) == {"ccc"}


def test_the_migrations_of_this_project_are_one_straight_line() -> None:
    assert len(serving.newest_revisions(serving.MIGRATIONS)) == 1


def test_only_a_database_at_the_newest_migration_is_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migration(tmp_path, "aaa", None)
    monkeypatch.setattr(serving, "MIGRATIONS", tmp_path)
    database = tmp_path / "passerelle.db"
    assert not serving.is_up_to_date(database)
    with sqlite3.connect(database) as connection:
        assert not serving.is_up_to_date(database)
        connection.execute("CREATE TABLE alembic_version (version_num TEXT)")
        connection.execute("INSERT INTO alembic_version VALUES ('aaa')")
    connection.close()
    assert serving.is_up_to_date(database)
    migration(tmp_path, "bbb", "aaa")
    assert not serving.is_up_to_date(database)


def test_run_keeps_what_the_person_has_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PASSERELLE_ENV", raising=False)
    monkeypatch.setenv("BASE_URL", "https://example.org")
    environment = serving.environment_of_run("0.0.0.0", 9000, empty=False)  # noqa: S104 - nothing is bound
    assert (environment["PASSERELLE_ENV"], environment["BASE_URL"]) == ("demo", "https://example.org")


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8001"),
        ("0.0.0.0", "http://127.0.0.1:8001"),  # noqa: S104 - nothing is bound
        ("::1", "http://[::1]:8001"),
        ("example.org", "http://example.org:8001"),
    ],
)
def test_the_address_is_one_that_a_browser_opens(
    host: str, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("BASE_URL", raising=False)
    assert serving.environment_of_run(host, 8001, empty=True)["BASE_URL"] == address


def test_a_whole_run_is_on_both_engines_and_several_processes() -> None:
    engines, words = suite.read([])
    assert (engines, words[:4]) == (["sqlite", "postgresql"], ["-n", "3", "--dist", "loadfile"])


def test_what_is_not_for_us_goes_to_pytest_as_it_is() -> None:
    words = ["tests/forum", "--engine", "sqlite", "-k", "reply and not edit", "-x"]
    assert suite.read(words) == (["sqlite"], ["tests/forum", "-k", "reply and not edit", "-x"])


def test_the_totals_stand_alone_on_the_last_line() -> None:
    outcomes = {"sqlite": Outcome(0, passed=3), "postgresql": Outcome(1, passed=2, failed=1, skipped=1)}
    assert suite.summary(outcomes).splitlines() == [
        "SQLite: 3 passed, 0 failed",
        "PostgreSQL: 2 passed, 1 failed, 1 skipped",
        "5 passed, 1 failed, 1 skipped",
    ]


def test_what_failed_on_either_engine_is_said_whole_and_last() -> None:
    outcomes = {
        "sqlite": Outcome(0, passed=3),
        "postgresql": Outcome(1, failed=1, failures=[["tests/a.py::test_b", "AssertionError: c\nassert d"]]),
    }
    assert suite.failures(outcomes) == ["PostgreSQL: tests/a.py::test_b\n    AssertionError: c\n    assert d"]


def test_what_asks_no_database_is_left_out_where_another_engine_did_it(monkeypatch) -> None:
    def item(nodeid: str, *fixtures: str, **params: str) -> SimpleNamespace:
        return SimpleNamespace(nodeid=nodeid, fixturenames=fixtures, callspec=SimpleNamespace(params=params))

    left, kept = item("tests/search/test_index.py::a", index="whoosh"), item("tests/forum/test_home.py::b")
    needs = item("tests/search/test_index.py::c", "built_app", index="whoosh")
    config = SimpleNamespace(hook=SimpleNamespace(pytest_deselected=lambda items: None))
    found = [kept, left, needs]
    monkeypatch.delenv(sharing.DONE_ELSEWHERE, raising=False)
    sharing.pytest_collection_modifyitems(config, found)
    assert set(map(id, found)) == {id(kept), id(left), id(needs)}
    monkeypatch.setenv(sharing.DONE_ELSEWHERE, "sqlite")
    sharing.pytest_collection_modifyitems(config, found)
    assert found == [needs, kept]
    with pytest.raises(ValueError, match="uses a database"):
        sharing.asks_no_database(item(f"{sharing.WITHOUT_DATABASE[0]}::d", "built_app"))


@pytest.mark.parametrize(
    "french",
    [
        "Êtes-vous prêt\u202f?",
        "L’aide\u00a0: appelez le 9-8-8.",
        "«\u00a0Bonjour\u00a0»",
        "12\u00a0% des gens, 3\u00a0$",
        "Voir <a href='https://example.org/?a=1'>la page</a>\u202f; merci &amp; bienvenue",
        "%(count)s réponses",
        "À 10:30, dans 5 min…",
    ],
)
def test_good_french_typography_is_left_alone(french: str) -> None:
    assert catalogue.slips(french) == []


@pytest.mark.parametrize(
    "french",
    [
        "Êtes-vous prêt ?",
        "Êtes-vous prêt?",
        "L'aide",
        "Aide : appelez",
        "Aide: appelez",
        "« Bonjour »",
        "12 % des gens",
        "3 $",
        "Un instant...",
        "les professionnel·les",
    ],
)
def test_typography_that_french_readers_trip_over_is_found(french: str) -> None:
    assert len(catalogue.slips(french)) == 1


@pytest.mark.parametrize(
    ("source", "french", "kept"),
    [
        ("%(name)s asks", "%(name)s demande", True),
        ("%(name)s asks", "%(nom)s demande", False),
        ("Nobody asks", "Personne ne demande", True),
        (("One answer", "%(num)s answers"), ("Une réponse", "%(num)s réponses"), True),
        (("%(num)s answer", "%(num)s answers"), ("Une réponse", "Des réponses"), False),
    ],
)
def test_a_translation_keeps_the_placeholders(
    source: str | tuple[str, str], french: str | tuple[str, str], kept: bool
) -> None:
    assert catalogue.keeps_placeholders(source, french) is kept


def test_the_locks_name_no_host() -> None:
    assert locks.hosts_named() == []


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md"])
def test_every_file_a_newcomer_is_sent_to_is_there(page: str) -> None:
    words = (ROOT / page).read_text(encoding="utf-8")
    paths = set(re.findall(r"\b(?:community|templates|tests|ground|docs)/[\w./-]*\w", words))
    assert len(paths) > 3
    assert {path for path in paths if not (ROOT / path).exists()} == set()


def test_every_command_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert capsys.readouterr().out == USAGE
    assert all(f"\n  {name}" in USAGE for name in COMMANDS)


def test_an_unknown_command_is_refused_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["strat"]) == 2
    assert "There is no command 'strat'." in capsys.readouterr().err


@pytest.mark.parametrize("port", ["0", "65536", "-1", "web"])
def test_a_port_that_no_machine_has_is_refused_in_words(
    port: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["run", f"--port={port}"])
    assert "a port is a number from 1 to 65535" in capsys.readouterr().err


def test_dev_starts_with_nothing_but_the_standard_library(tmp_path: Path) -> None:
    """As on a new machine: no packages, and no PATH to find programs on."""
    command = [sys.executable, "-E", "-s", "-S", str(ROOT / "dev.py"), "help"]
    environment = {"PATH": str(tmp_path), "SYSTEMROOT": os.environ.get("SYSTEMROOT", "")}
    answer = subprocess.run(
        command, env=environment, capture_output=True, text=True, cwd=tmp_path, check=False
    )
    assert (answer.stdout, answer.stderr, answer.returncode) == (USAGE, "", 0)
