"""The HSDS interface at ``/hsds/``: for programs, for everybody, for reading only.

No key, open to pages of other sites, the same for whoever asks: it knows no session. Nobody is counted but
by a hash that dies with the process (see ``core.passing_limits``).
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from typing import Any

from flask import Blueprint, Flask, Response, current_app, jsonify, request
from flask_babel import gettext as _
from limits import parse
from limits.strategies import FixedWindowRateLimiter
from werkzeug.exceptions import NotFound as NoSuchAddress

from community.accounts import session
from community.accounts.viewer import VISITOR
from community.core.i18n import LANGUAGES, speaking
from community.core.passing_limits import Memory, neighbourhood
from community.core.store import settings
from community.directory.hsds import description, profile
from community.directory.hsds.asking import (
    LONGEST_SEARCH,
    MOST_A_PAGE,
    Asked,
    NotUnderstood,
    understood,
)
from community.directory.hsds.checks import is_uuid
from community.directory.kept_answers import KeptAnswers
from community.directory.queries import exchange
from community.directory.queries.documents import version

bp = Blueprint("hsds", __name__, url_prefix="/hsds")

OFTEN = parse("600/minute")
HEAVY = parse("60/minute")  # what looks at every document
_JSON = "application/json"
_counted = FixedWindowRateLimiter(Memory())
_kept = KeptAnswers()
_PAGES = ("about", "openapi", "profile_files", "listed", "one")


def init_app() -> None:
    """Have these addresses asked by nobody in particular."""
    session.nobody_at(*(f"hsds.{name}" for name in _PAGES))


@bp.record_once
def _open_to_others(state: Any) -> None:
    app: Flask = state.app

    @app.after_request
    def open_to_others(response: Response) -> Response:
        if request.path.startswith("/hsds"):
            response.headers["Access-Control-Allow-Origin"] = "*"
            response.headers["Access-Control-Allow-Methods"] = "GET, HEAD, OPTIONS"
            response.headers["Access-Control-Allow-Headers"] = "If-None-Match"
            response.headers["Access-Control-Expose-Headers"] = "ETag, Retry-After"
            response.headers.setdefault("Cache-Control", "no-cache")
        return response


@bp.before_request
def _not_too_often() -> Response | None:
    if not current_app.config.get("RATELIMIT_ENABLED", True):
        return None
    heavy = "search" in request.args or request.args.get("format") == "ndjson"
    who = neighbourhood()
    if _counted.hit(OFTEN, "hsds", who) and (not heavy or _counted.hit(HEAVY, "hsds heavy", who)):
        return None
    answer = _problem(429, "", "often")
    answer.headers["Retry-After"] = "60"
    return answer


@bp.errorhandler(NotUnderstood)
def _not_understood(error: NotUnderstood) -> Response:
    return _problem(400, error.parameter, error.why)


def _problem(status: int, parameter: str, why: str) -> Response:
    """What is wrong, in both languages: whoever reads it may be far from the page that asked."""
    said = {}
    for lang in LANGUAGES:
        with speaking(lang):
            said[lang] = _sentence(parameter, why)
    answer = jsonify(status=status, parameter=parameter or None, error=said["en"], erreur=said["fr"])
    answer.status_code = status
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _sentence(name: str, why: str) -> str:
    if (name, why) == ("per_page", "whole"):  # no number at all: say as well where it ends
        why = "range"
    known = {
        "unknown": _("This address knows no parameter “%(name)s”.", name=name),
        "twice": _("The parameter “%(name)s” was given twice.", name=name),
        "text": _(
            "The parameter “%(name)s” takes at most %(num)s characters.", name=name, num=LONGEST_SEARCH
        ),
        "uuid": _("The parameter “%(name)s” takes a UUID.", name=name),
        "whole": _("The parameter “%(name)s” takes a whole number from 1.", name=name),
        "range": _(
            "The parameter “per_page” takes a whole number from 1 to %(most)s.",
            most=MOST_A_PAGE,
        ),
        "truth": _("The parameter “%(name)s” takes true or false.", name=name),
        "moment": _(
            "The parameter “%(name)s” takes a day (2026-11-22) or a moment (2026-11-22T10:30:00Z).", name=name
        ),
        "format": _("The parameter “format” takes json or ndjson."),
        "postcode": _("The parameter “postcode” takes a Canadian postal code or its first three characters."),
        "metres": _("The parameter “proximity” takes a whole number of metres."),
        "often": _("That was a lot in a short time. Wait a moment, then try again."),
    }
    return known.get(why, _("There is nothing at this address."))


# Addresses


@bp.get("/")
def about() -> Response:
    """Which version and profile, and where the description is."""
    return jsonify(
        version=description.VERSION, profile=f"{_base()}/profile.json", openapi_url=f"{_base()}/openapi.json"
    )


def _base() -> str:
    return f"{settings().base_url}/hsds"


@bp.get("/openapi.json")
def openapi() -> Response:
    """The description of this interface."""
    return jsonify(description.openapi(f"{settings().site_name}: HSDS", _base()))


@bp.get("/profile.json")
def profile_files() -> Response:
    """The profile: merge patches of the schemas, and its words in both languages."""
    words = [
        {"id": term.id, "code": term.full, "en": term.name_en, "fr": term.name_fr}
        for group in profile.TERMS.values()
        for term in group.values()
    ]
    return jsonify(
        name="usage de substances Canada",
        hsds_version=description.VERSION,
        merge_patches=profile.patches(),
        taxonomy_id=profile.TAXONOMY_ID,
        terms=words,
    )


@bp.get("/<any({}):many>".format(",".join(exchange.KINDS)))
def listed(many: str) -> Response:
    """A page of a list, or all of it line by line."""
    asked = understood(many, request.args.items(multi=True))
    if asked.get("format") == "ndjson":
        return _streamed(many, asked)
    return _answer(lambda: _page(many, asked))


def _streamed(many: str, asked: Asked) -> Response:
    """All of a list, sent as it is read."""
    tag = _tag(version())
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        # What is passed through is given to the web server as it is: it takes bytes and nothing else.
        answer = Response(_lines(app, many, asked), mimetype="application/x-ndjson", direct_passthrough=True)
    return _marked(answer, tag)


def _lines(app: Flask, many: str, asked: Asked) -> Iterator[bytes]:
    """All of a list; nothing is held while somebody reads slowly."""
    last = ""
    while True:
        with app.app_context():
            last, some = exchange.after(VISITOR, many, asked, last)
        yield "".join(f"{one}\n" for one in some).encode()
        if not last:
            return


def _page(many: str, asked: Asked) -> str:
    total, contents = exchange.page(VISITOR, many, asked)
    pages = math.ceil(total / asked.per_page)
    frame = {
        "total_items": total,
        "total_pages": pages,
        "page_number": asked.page,
        "size": len(contents),
        "first_page": asked.page == 1,
        "last_page": asked.page >= pages,
        "empty": not contents,
    }
    return f'{json.dumps(frame)[:-1]}, "contents": [{",".join(contents)}]}}'


@bp.get("/<any({}):many>/<id>".format(",".join(exchange.KINDS)))
def one(many: str, id: str) -> Response:
    """One object with everything nested in it."""
    kind = exchange.KINDS[many]
    asked = understood(kind, request.args.items(multi=True))
    if not is_uuid(id):
        return _problem(404, "", "absent")
    try:
        return _answer(lambda: _one(kind, id.lower(), asked))
    except NoSuchAddress:
        return _problem(404, "", "absent")


def _one(kind: str, id: str, asked: Asked) -> str:
    if kind in {"taxonomy", "taxonomy_term"}:
        found = next(iter(exchange.terms(VISITOR, kind, [id])), None)
    else:
        found = exchange.whole(VISITOR, kind, id, full_service=bool(asked.get("full_service")))
    if found is None:
        raise NoSuchAddress
    return found


def _answer(write: Any) -> Response:
    """The answer for this address, kept while no document changes; 304 to whoever has it."""
    asked, now = request.full_path, version()
    tag = _tag(now)
    if request.if_none_match.contains_weak(tag):
        answer = Response(status=304)
    else:
        body = _kept.get(asked, now)
        if body is None:
            body = write().encode()
            _kept.put(asked, now, body)
        answer = Response(body, mimetype=_JSON)
    return _marked(answer, tag)


def _tag(now: str) -> str:
    """What stands for the answer to this address while no document changes."""
    return hashlib.sha256(f"{now} {request.full_path}".encode()).hexdigest()[:32]


def _marked(answer: Response, tag: str) -> Response:
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = "public, no-cache"
    return answer
