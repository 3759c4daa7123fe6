"""Entering a demonstration as one of its cast, in one press. Wired in nowhere else (``init_app``)."""

from __future__ import annotations

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from community.accounts.models import Persona
from community.accounts.session import sign_in_as
from community.core.errors import NotFound
from community.core.i18n import current_language, page_blueprint
from community.core.limits import limiter
from community.demo.loader.people import Person, cast
from community.demo.loader.store import persona_ids

bp = page_blueprint("demo", __name__, under="/demo")


@dataclass(frozen=True)
class Entry:
    """One of the cast as the sign-in page offers it."""

    id: str
    name: str
    monogram: str
    protected: bool
    about: str


@bp.post("/enter/<person>")
@limiter.limit("60/minute")
def enter(person: str) -> Response:
    """Sign in as one of the cast. :raises NotFound: nobody of the cast is called that, or nobody is here."""
    persona_id = persona_ids().get(person) if person in {one.id for one in cast()} else None
    if persona_id is None:
        raise NotFound
    sign_in_as(persona_id)
    return redirect(url_for("core.home"), 303)


def cast_panel() -> str:
    """The cast, each with a sentence and a button; nothing until the demonstration is loaded."""
    here = persona_ids()
    entries = [_entry(person) for person in cast() if person.id in here]
    return Markup(render_template("demo/_cast.html", entries=entries)) if entries else ""  # noqa: S704


def _entry(person: Person) -> Entry:
    written = Persona(name=person.name, kind=person.kind)
    return Entry(
        person.id, person.name, written.monogram, written.protected, person.about(current_language())
    )
