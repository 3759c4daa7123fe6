"""Beginning a conversation, and writing in one."""

from __future__ import annotations

from collections.abc import Callable

from flask import g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from community.accounts.guards import signed_in
from community.accounts.models import Persona
from community.conversations.forms import MessageForm, StartForm
from community.conversations.permissions import may_take_part
from community.conversations.queries import doors, talks
from community.conversations.services import contacts, messages, starting
from community.conversations.services.contacts import ContactRefused
from community.conversations.services.messages import Said
from community.conversations.services.starting import Opening
from community.conversations.views import bp
from community.conversations.views.reading import talk_page
from community.core.access import require
from community.core.db import db, transaction
from community.core.errors import Conflict, Invalid, NotFound, TooOften
from community.core.forms import blame
from community.core.i18n import current_language
from community.core.idempotency import once
from community.core.limits import limiter
from community.forum.composer import language_of
from community.forum.views.answers import Page
from community.forum.views.writing import asks_preview, preview_of


@bp.route("/conversations/new", methods=["GET", "POST"])
@signed_in
@limiter.limit("20/hour", methods=["POST"])
def start() -> Page:
    """Begin a conversation; from the page of a name, with that name filled in."""
    require(may_take_part(g.viewer))
    form = StartForm(data={"to": _chosen()} if request.method != "POST" else None)
    if request.method != "POST":
        return _start_page(form)
    if asks_preview():
        return _start_page(form, preview_html=preview_of(form.body.data))
    if form.validate() and (answer := _kept(form, lambda: _start(form))):
        return answer
    return _start_page(form), 422


def _chosen() -> str:
    """The name whose page led here. :raises NotFound: it takes no messages, or is nobody's."""
    key = request.args.get("to", "")
    if not key:
        return ""
    persona = db.session.get(Persona, key)
    if persona is None or not doors.may_be_written_to(g.viewer, persona):
        raise NotFound
    return persona.name


def _start(form: StartForm) -> str:
    opening = Opening(form.names, form.subject.data or "", _said(form))
    return url_for(".show", key=starting.start(g.viewer, opening).key)


def _said(form: MessageForm) -> Said:
    body = form.body.data or ""
    return Said(body, language_of("", body, current_language()))


def _start_page(form: StartForm, preview_html: str = "") -> str:
    return render_template("conversations/start.html", form=form, preview_html=preview_html)


@bp.post("/conversations/<key>/messages")
@signed_in
@limiter.limit("30/minute")
def send(key: str) -> Page:
    """Add a message. A form sent twice makes one; a refused one comes back with everything typed."""
    talks.talk_seen(g.viewer, key)
    form = MessageForm()
    if asks_preview():
        return talk_page(key, form, preview_html=preview_of(form.body.data))
    if form.validate() and (answer := _kept(form, lambda: _send(key, form))):
        return answer
    return talk_page(key, form), 422


def _send(key: str, form: MessageForm) -> str:
    made = messages.send(g.viewer, talks.talk_seen(g.viewer, key), _said(form))
    return url_for(".show", key=key, _anchor=made.key)


def _kept(form: MessageForm, make: Callable[[], str]) -> Response | None:
    """Where to go when it was kept; None when it was refused, and the form says why."""
    try:
        return redirect(once(form.idem.data or "", g.viewer.persona_id or "", make), 303)
    except ContactRefused as problem:
        with transaction():
            contacts.note_attempt(g.viewer)
        blame(form, problem)
    except Invalid as problem:
        blame(form, problem)
    except (Conflict, TooOften) as problem:
        # The page says it too, with what was typed still in its place.
        form.form_errors.append(str(problem.sentence))
    return None
