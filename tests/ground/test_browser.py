"""Which browser the tests get: the one that is named, else the small one, else a whole one."""

from __future__ import annotations

from pathlib import Path

import pytest

from ground import browser


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine on which nothing is installed, and the folder in which its programs are."""
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "PLACES", ())
    monkeypatch.setattr(browser, "NO_SHELL", tmp_path / "steps" / "none")
    return tmp_path


def has(machine: Path, *names: str) -> None:
    for name in names:
        program = machine / name
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)


def apt(monkeypatch: pytest.MonkeyPatch, machine: Path, *offered: str) -> list[str]:
    """Let the packages of the machine be these; what is asked of it."""
    asked: list[str] = []

    def install(*packages: str) -> bool:
        asked.append(packages[0])
        has(machine, *(name for name in packages if name in offered))
        return packages[0] in offered

    monkeypatch.setattr(browser, "can_apt_install", lambda: True)
    monkeypatch.setattr(browser, "apt_try", install)
    monkeypatch.setattr(browser, "apt_install", install)
    return asked


def test_the_small_one_is_taken_before_the_whole_one_and_the_named_one_before_both(machine, monkeypatch):
    has(machine, "chromium")
    assert browser.find_chromium() == str(machine / "chromium")
    has(machine, "chromium-headless-shell", "another")
    assert browser.find_chromium() == str(machine / "chromium-headless-shell")
    monkeypatch.setenv("CHROMIUM", str(machine / "another"))
    assert browser.ensure_chromium() == str(machine / "another")


def test_where_there_is_none_the_line_to_type_is_said(machine, monkeypatch, capsys):
    monkeypatch.setattr(browser, "can_apt_install", lambda: False)
    with pytest.raises(SystemExit):
        browser.ensure_chromium()
    assert "apt-get install -y chromium" in capsys.readouterr().err


def test_the_small_one_is_installed_where_it_is_offered_though_there_is_a_whole_one(machine, monkeypatch):
    has(machine, "chromium")
    asked = apt(monkeypatch, machine, "chromium-headless-shell")
    assert browser.ensure_chromium() == str(machine / "chromium-headless-shell")
    assert asked == ["chromium-headless-shell"]


def test_where_the_small_one_is_not_offered_a_whole_one_does_and_nobody_asks_twice(machine, monkeypatch):
    asked = apt(monkeypatch, machine, "chromium")
    assert browser.ensure_chromium() == str(machine / "chromium")
    assert browser.ensure_chromium() == str(machine / "chromium")
    assert asked == ["chromium-headless-shell", "chromium"]
