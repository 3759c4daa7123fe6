"""Instances of their own, made by the migrations as an operator makes them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from community.app import create_app
from community.core import cli
from community.core.db import db, transaction
from community.core.keyfile import first_key
from community.core.sealing import new_secret, write_keyring
from community.operations import schema
from config import read_settings
from tests import cast as people
from tests.conftest import FAST, RING, Operator, new_database
from tests.make import world as worlds


@contextmanager
def instance(folder: Path, name: str, *, url: str = "", empty: bool = False, **more: str) -> Iterator[Flask]:
    """An instance with its key file; with its tables and what every instance starts with unless ``empty``."""
    settings = read_settings(
        {
            "PASSERELLE_ENV": "test",
            "INSTANCE_DIR": str(folder / name),
            "DATABASE_URL": url or new_database(folder, name),
            "KEY_FILE": str(folder / "keys" / "passerelle.keys"),
            "FILES_URL": str(folder / "files"),
            "JOBS": "none",
            **more,
        }
    )
    if not settings.key_file.exists():
        write_keyring(settings.key_file, RING.secrets)
    app = create_app(settings, RATELIMIT_ENABLED=False, **FAST)
    app.test_cli_runner_class = Operator
    with app.app_context():
        if not empty:
            schema.bring_up_to_date()
            with transaction():
                first_key(app, settings)
            cli.load_core_data()
        try:
            yield app
        finally:
            db.session.remove()
            db.engine.dispose()


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory: Any, worker_id: str) -> Iterator[tuple[Flask, worlds.World, Path]]:
    """A community with its cast and every kind of topic, and the folder that its files lie in."""
    folder = tmp_path_factory.mktemp("lived-in")
    with instance(folder, f"lived_in_{worker_id}") as app:
        world = worlds.build(people.assemble())
        db.session.remove()
        yield app, world, folder


@pytest.fixture
def another(tmp_path: Path, worker_id: str, lived_in: Any) -> Iterator[Flask]:
    """An empty machine with nothing but the key file, in which there is a newer key by now."""
    write_keyring(tmp_path / "keys" / "passerelle.keys", [new_secret(), *RING.secrets])
    name = f"another_{worker_id}"
    with instance(tmp_path, name, empty=True) as app, lived_in[0].app_context():
        yield app
