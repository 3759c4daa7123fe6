"""What docs/operations.md and deploy/ name is there: commands, settings, files, options of the server.

No container and no systemd is started by a test; a line that names what is not there is seen all the same.
"""

from __future__ import annotations

import ast
import json
import re
import shlex
from collections.abc import Iterator
from importlib import import_module

import click
import pytest
from flask import current_app
from gunicorn.config import Config

import ground.commands
from ground.console import ROOT

MANUAL = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
DEPLOY = ROOT / "deploy"
_BIN = "/srv/passerelle/app/.venv/bin/"
DOORS = ("passerelle", "/usr/local/bin/passerelle", "flask", _BIN + "flask")
CONTAINER = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
UNITS = {file.name: file.read_text(encoding="utf-8") for file in DEPLOY.glob("*.service")}
# Of Flask and of the container, not read by an operator's hand.
NOT_WRITTEN_DOWN = {"FLASK_RUN_FROM_CLI"}


def lines_of_shell() -> Iterator[list[str]]:
    """Every line that is typed: of the blocks, in backquotes, of the units."""
    typed = re.findall(r"^```\n(.*?)^```", MANUAL, re.M | re.S)
    typed += re.findall(r"(?<!`)`([^`\n]+)`(?!`)", MANUAL)
    typed += [line.partition("ExecStart=")[2] for text in UNITS.values() for line in text.splitlines()]
    for line in "\n".join(typed).splitlines():
        for part in line.partition("#")[0].replace("||", "&&").split("&&"):
            yield shlex.split(part)


def words_of_commands() -> Iterator[list[str]]:
    """What is said to the program's own commands, through whichever of its doors."""
    for words in lines_of_shell():
        for door in DOORS:
            if door in words and "podman build" not in " ".join(words):
                said = words[words.index(door) + 1 :]
                said = said[2:] if said[:1] == ["--app"] else said[1:] if said[:1] == ["flask"] else said
                if said and re.fullmatch(r"[a-z]+", said[0]):
                    yield said
                break


def test_every_command_that_the_manual_names_is_there_with_its_options(app):
    found = [list(words) for words in words_of_commands()]
    assert {"migrate", "setup", "backup", "restore", "check", "worker", "duties", "vault", "search"} <= {
        words[0] for words in found
    }
    for words in found:
        command: click.Command | None = app.cli
        context = click.Context(app.cli)
        rest = list(words)
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            command = command.get_command(context, rest.pop(0))
        assert command is not None, words
        options = {name for option in command.params for name in option.opts}
        assert {word for word in rest if word.startswith("--")} <= options, words


def test_every_command_of_dev_py_is_there():
    named = set(re.findall(r"dev\.py (\w+)", MANUAL + CONTAINER + "".join(UNITS.values())))
    assert named
    assert named <= set(ground.commands.COMMANDS)


def test_every_file_that_is_named_is_there_and_every_one_there_is_named():
    files = {file.name for file in DEPLOY.iterdir()}
    named = set(re.findall(r"deploy/([\w@.-]+\w)", MANUAL))
    assert named == files
    places = re.findall(r"\]\(([\w-]+\.md)\)", MANUAL)
    assert places
    assert all((ROOT / "docs" / place).exists() for place in places)
    titles = re.findall(r"^## (.+)$", MANUAL, re.M)
    headings = {re.sub(r"[^a-z -]", "", title.lower()).replace(" ", "-") for title in titles}
    assert set(re.findall(r"\]\(#([\w-]+)\)", MANUAL)) == headings


def test_every_setting_stands_in_the_file_to_copy():
    code = ast.walk(ast.parse((ROOT / "config.py").read_text(encoding="utf-8")))
    words = {node.value for node in code if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    read = {word for word in words if re.fullmatch(r"[A-Z]+(_[A-Z]+)+|JOBS", word)}
    written = set(re.findall(r"^#?([A-Z_]+)=", (DEPLOY / "passerelle.env").read_text(encoding="utf-8"), re.M))
    parts = {"ISSUER", "CLIENT_ID", "NAME_FR", "NAME_EN", "_VOUCHES", "_SECRET_FILE"}
    missing = {name for name in read - NOT_WRITTEN_DOWN - parts if not any(name in one for one in written)}
    assert not missing
    assert {name for name in written if not name.startswith("OIDC_")} <= read, "written, but never read"


def servers() -> list[list[str]]:
    """What is said to gunicorn: by the units, and by the image."""
    units = [words[1:] for words in lines_of_shell() if words and words[0].endswith("/gunicorn")]
    [image] = re.findall(r"^CMD (\[.+?\])$", CONTAINER.replace("\\\n", ""), re.M | re.S)
    return [*units, json.loads(image)[1:]]


@pytest.mark.parametrize("words", servers(), ids=lambda words: words[2])
def test_the_server_takes_every_word_that_is_said_to_it(words):
    parser = Config().parser()
    known = vars(parser.parse_args([word.replace("${WEB_PROCESSES}", "1") for word in words]))
    module, _, name = known["worker_class"].rpartition(".")
    assert hasattr(import_module(module), name)
    assert known["args"] == ["wsgi:app"]
    assert "--no-control-socket" in words, "it would be made in the home of the user"
    live = int(re.search(r"LIVE_SEATS=(\d+)", UNITS["passerelle-live.service"])[1])  # type: ignore[index]
    assert known["threads"] > (live if "live.sock" in known["bind"][0] else 60)


def test_the_image_asks_an_address_that_is_there_and_keeps_data_and_key_apart(app):
    [asked] = re.findall(r"127\.0\.0\.1:8000(/\w+)", CONTAINER)
    assert asked in {rule.rule for rule in current_app.url_map.iter_rules()}
    [volumes] = re.findall(r"^VOLUME (.+)$", CONTAINER, re.M)
    places = dict(re.findall(r"(INSTANCE_DIR|KEY_FILE)=(\S+)", CONTAINER))
    data, keys = json.loads(volumes)
    assert places["INSTANCE_DIR"] == data
    assert places["KEY_FILE"].startswith(keys + "/")
    assert not keys.startswith(data)
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split("\n")
    assert {"/instance", "/.git", "/.venv"} <= set(ignored)


def test_no_unit_may_write_where_the_key_lies():
    for name, text in UNITS.items():
        assert "User=passerelle" in text
        assert "EnvironmentFile=/etc/passerelle.env" in text
        if "backup" not in name:
            assert "ReadWritePaths=/srv/passerelle/data\nReadOnlyPaths=/srv/passerelle/keys" in text
            assert "Restart=always" in text, "a process that is killed is replaced"


def test_a_worker_outlasts_a_database_that_is_away():
    """It ends at once each time, which systemd takes for a reason to give up; gunicorn goes on by itself."""
    assert "StartLimitIntervalSec=0" in UNITS["passerelle-worker@.service"].split("[Service]")[0]
