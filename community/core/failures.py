"""Every error as an answer a person understands: what happened, that nothing was lost, what to do."""

from __future__ import annotations

import errno
import re
from http import HTTPStatus
from typing import Any

import structlog
from flask import Flask, Response, current_app, g, jsonify, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from gunicorn.http.errors import NoMoreData, ParseException
from jinja2 import TemplateError
from sqlalchemy.exc import DataError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnection
from werkzeug.exceptions import BadHost, HTTPException

from community.core import limits
from community.core.db import db
from community.core.errors import CommunityError, Conflict, Invalid, TooOften

log = structlog.get_logger("failure")
# The disk is full or takes nothing, or no file can be opened: the machine's state, and it passes.
EXHAUSTED = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE})


LAST = "last_page"
_WRITING = ("title", "body", "text", "reason")
# Parts of the site whose forms have many fields: what was typed in any of them is given back.
_WHOLE: set[str] = set()
_UNTYPED = frozenset({"csrf_token", "digest", "idem", "leave_empty", "password", "seen", "taken", "version"})
# The word of a list, or the key of something that was chosen.
_CHOSEN = re.compile(r"[a-z][a-z0-9_-]*|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def give_back_whole(blueprint: str) -> None:
    """Have each field of the forms of a part of the site given back, when what was sent is refused.

    For forms that ask for no secret. Of all others, what was written in a field of prose is.
    """
    _WHOLE.add(blueprint)


def init_app(app: Flask) -> None:
    """Register the handlers."""
    app.register_error_handler(CommunityError, expected)
    app.register_error_handler(CSRFError, stale_form)
    app.register_error_handler(HTTPException, http)
    app.register_error_handler(ParseException, broken_off)
    app.register_error_handler(NoMoreData, broken_off)
    app.register_error_handler(DBAPIError, database)
    app.register_error_handler(NoConnection, crowded)
    app.register_error_handler(Exception, unexpected)


def be_ready(app: Flask) -> None:
    """Hold the last page in memory: where no file can be opened any more it could not be read."""
    app.extensions[LAST] = app.jinja_env.get_template("errors/down.html")


def expected(error: CommunityError) -> Response:
    """An error of ours: its sentence is for the person."""
    # What was sent to a place that is closed, gone or not theirs is given back too.
    typed = _typed() if request.method == "POST" else ""
    extra = {"kept_text": typed}
    if isinstance(error, Conflict):
        extra = {"kept_text": error.yours or typed, "other_text": error.theirs}
    if isinstance(error, Invalid):
        extra = {"kept_text": error.kept or typed, "field": error.field}
    answer = page(error.status, str(error.sentence), **extra)
    if isinstance(error, TooOften):
        answer.headers["Retry-After"] = str(error.after)
    return answer


def stale_form(_error: CSRFError) -> Response:
    """The form was left open too long, or another site sent it; what was typed is given back."""
    sentence = _("This form was open too long, or was sent from elsewhere. Nothing was sent.")
    return page(400, sentence, kept_text=_typed())


def http(error: HTTPException) -> Response:
    """What Flask or Werkzeug refuse: unknown address, wrong verb, too large, too often."""
    if error.code is None or error.code < 400:
        return error.get_response()  # type: ignore[return-value]
    answer = page(error.code, _sentence(error.code), kept_text=_typed() if error.code == 429 else "")
    allow = getattr(error, "valid_methods", None)
    if allow:
        answer.headers["Allow"] = ", ".join(sorted(allow))
    if error.code == 429:
        answer.headers["Retry-After"] = str(limits.seconds_left())
    return answer


def broken_off(_error: ParseException | NoMoreData) -> Response:
    """What was sent could not be read to its end: a part says no length, or the rest never came."""
    db.session.rollback()
    answer = page(400, _sentence(400))
    answer.headers["Connection"] = "close"
    return answer


def database(error: DBAPIError) -> Response:
    """The database is locked, away or full: nothing was changed, what was typed is given back."""
    db.session.rollback()
    if isinstance(error, DataError):
        return page(400, _sentence(400), kept_text=_typed())
    log.error("database", problem=type(error.orig).__name__)
    return _not_now()


def crowded(_error: NoConnection) -> Response:
    """Every connection to the database was in use for too long."""
    log.error("database", problem="no free connection")
    return _not_now()


def _not_now() -> Response:
    # Whoever only reads has nothing to save, and is not told of saving.
    reading = request.method in {"GET", "HEAD"}
    sentence = _("This page cannot be shown right now. Try again in a minute.") if reading else _sentence(503)
    answer = page(503, sentence, kept_text=_typed())
    answer.headers["Retry-After"] = "30"
    return answer


def unexpected(error: Exception) -> Response:
    """A fault of ours. The log gets its kind and place, never its words."""
    db.session.rollback()
    if isinstance(error, OSError) and error.errno in EXHAUSTED:
        log.error("machine", problem=errno.errorcode[error.errno])
        return _not_now()
    if current_app.testing or current_app.debug:
        raise error
    frames = []
    trace = error.__traceback__
    while trace is not None:
        frames.append(f"{trace.tb_frame.f_code.co_filename.rsplit('/', 1)[-1]}:{trace.tb_lineno}")
        trace = trace.tb_next
    log.error("unexpected", kind=type(error).__name__, at=frames[-4:])
    return page(500, _sentence(500), kept_text=_typed())


def _typed() -> str:
    """What the person had written, so that no refusal loses it (never a password)."""
    try:
        sent = request.form
    except HTTPException:
        return ""
    texts = [sent.get(name, "") for name in _WRITING]
    if request.blueprint in _WHOLE:
        fields = [value for name, value in sent.items() if name not in _UNTYPED]
        texts = [value for value in fields if not _CHOSEN.fullmatch(value)]
    return "\n\n".join(text for text in texts if text)[:50_000]


def _sentence(code: int) -> str:
    known = {
        400: _("The request could not be understood."),
        401: _("Sign in to see this."),
        403: _("You may read this, but you cannot do that here."),
        404: _("There is nothing at this address."),
        405: _("This address does not take that kind of request."),
        410: _("This was withdrawn."),
        413: _("This is larger than the site accepts."),
        415: _("The site does not take this kind of content."),
        429: _("That was a lot in a short time. Wait a moment, then try again."),
        500: _("Something broke on our side."),
        503: _("The site cannot save anything right now. Nothing was changed. Try again in a minute."),
    }
    return known.get(code, known[400] if code < 500 else known[500])


def _title(code: int) -> str:
    known = {
        400: _("Not understood"),
        401: _("Sign in first"),
        403: _("Not possible here"),
        404: _("Nothing here"),
        405: _("Not understood"),
        409: _("Changed in the meantime"),
        410: _("Withdrawn"),
        413: _("Too large"),
        422: _("Not saved yet"),
        429: _("A little slower"),
        500: _("Something broke"),
        503: _("Not possible right now"),
    }
    return known.get(code, _("Not understood") if code < 500 else _("Something broke"))


def _advice(code: int) -> str:
    if code in {404, 405, 410}:
        return _("Go back to the home page, or search for what you were looking for.")
    if code in {400, 409, 413, 415, 422}:
        return _("Go back, change it and send it again.")
    if code == 403:
        return _("If you think you should be able to, write to a coordinator.")
    if code == 401:
        return _("After signing in you come back to this page.")
    if code in {429, 503}:  # their sentence says when to try again
        return _("If it goes on, tell a coordinator.")
    return _("Try again in a minute. If it goes on, tell a coordinator.")


def _wants_json() -> bool:
    best = request.accept_mimetypes.best_match(["text/html", "application/json"], default="text/html")
    return best == "application/json" or request.path.startswith(("/api/", "/hsds/"))


def page(code: int, sentence: str, **extra: Any) -> Response:
    """The answer for a status: JSON to programs, the error page to people, plain when all fails."""
    if _wants_json():
        answer = jsonify(error=sentence, status=code, field=extra.get("field"))
    elif isinstance(request.routing_exception, BadHost):
        answer = Response(sentence, mimetype="text/plain")  # no page can name an address of ours
    else:
        facts = {"kept_text": "", "other_text": "", "field": "", "drafted": g.get("drafted", False), **extra}
        answer = Response(_html(code, sentence, facts), mimetype="text/html")
    answer.status_code = code
    if code == HTTPStatus.NOT_FOUND:
        answer.headers["Cache-Control"] = "no-store"
    return answer


def _html(code: int, sentence: str, facts: dict[str, Any]) -> str:
    try:
        if code >= 500 and "viewer" not in g:
            return _down(facts)
        return render_template(
            "errors/error.html",
            code=code,
            title=_title(code),
            sentence=sentence,
            advice=_advice(code),
            **facts,
        )
    except (DBAPIError, TemplateError, OSError):
        db.session.rollback()
        return _down(facts)


def _down(facts: dict[str, Any]) -> str:
    """The last page, with what was typed. Nothing is asked for it: the database may be away."""
    return str(current_app.extensions[LAST].render(kept_text=facts["kept_text"]))
