"""What the machine cannot do now is said as that, with when to come back; nothing typed is lost."""

from __future__ import annotations

import errno
import sqlite3
from contextlib import suppress

import pytest
from flask import Flask
from flask_wtf.csrf import CSRFError
from sqlalchemy import text
from sqlalchemy.exc import TimeoutError as NoConnection

from community.core.db import Database

WORDS = "Words that took an hour to find."


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EMFILE])
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_machine_at_its_end_asks_to_come_back(app, number, lang):
    with app.test_request_context(f"/{lang}/", method="POST", data={"body": WORDS}):
        app.preprocess_request()
        answer = app.make_response(app.handle_user_exception(OSError(number, "")))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert WORDS in answer.get_data(as_text=True)


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_a_machine_that_opens_no_file_reads_no_template_either(app, lang, monkeypatch):
    def no_handles_left(*_names):
        raise OSError(errno.EMFILE, "Too many open files")

    app.jinja_env.cache.clear()
    monkeypatch.setattr(app.jinja_env.loader, "load", no_handles_left)
    with app.test_request_context(f"/{lang}/", method="POST", data={"body": WORDS}):
        app.preprocess_request()
        answer = app.make_response(app.handle_user_exception(OSError(errno.EMFILE, "")))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert WORDS in answer.get_data(as_text=True)
    assert "Passerelle" in answer.get_data(as_text=True)


def test_a_page_that_is_made_is_sent_though_its_connection_was_cut(monkeypatch):
    """What it read needs no ending any more; the server answered 500 without a word of ours."""
    app, own = Flask("one"), Database()
    app.config |= {"SQLALCHEMY_DATABASE_URI": "sqlite://", "TESTING": True}
    own.init_app(app)

    @app.get("/")
    def page() -> str:
        return f"Made {own.session.scalar(text('SELECT 1'))}"

    def cut(_connection):
        raise sqlite3.OperationalError("the connection is lost")

    assert app.test_client().get("/").text == "Made 1"
    with app.app_context():
        dialect = own.engine.dialect
    with monkeypatch.context() as patch:
        patch.setattr(dialect, "do_rollback", cut)
        assert app.test_client().get("/").text == "Made 1"
    assert app.test_client().get("/").text == "Made 1"


def test_a_database_without_a_free_connection_asks_to_come_back(app):
    with app.test_request_context("/en/", method="POST", data={"body": WORDS}):
        answer = app.make_response(app.handle_user_exception(NoConnection("QueuePool limit of size 20")))
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "QueuePool" not in answer.get_data(as_text=True)


@pytest.mark.parametrize(
    ("lang", "page", "saving", "again"),
    [
        ("fr", "Cette page ne peut pas s’afficher", "enregistrer", "Réessayez dans une minute"),
        ("en", "This page cannot be shown", "cannot save", "Try again in a minute"),
    ],
)
@pytest.mark.parametrize(("method", "path"), [("GET", ""), ("POST", "topics/one/replies")])
def test_who_reads_is_not_told_of_saving(app, lang, page, saving, again, method, path):
    # … and each is told once when to try again
    with app.test_request_context(f"/{lang}/{path}", method=method):
        with suppress(CSRFError):  # the language and the viewer are known before the form is looked at
            app.preprocess_request()
        answer = app.make_response(app.handle_user_exception(NoConnection("QueuePool limit of size 20")))
    said = answer.get_data(as_text=True).partition("<main")[2].partition("</main>")[0]
    assert (page in said) == (method == "GET")
    assert (saving in said) == (method == "POST")
    assert said.count(again) == 1


def test_another_fault_is_not_hidden_so(app):
    with app.test_request_context("/en/"), pytest.raises(OSError, match="broken"):
        app.handle_user_exception(OSError(errno.EIO, "broken"))
