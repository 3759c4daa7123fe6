"""Not me, and asking somebody by name."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.errors import Invalid
from community.core.forms import blame, options
from community.core.limits import limiter
from community.forum.models import Topic
from community.forum.permissions import topics_seen_by
from community.routing.forms import ByNameForm
from community.routing.permissions import may_ask_by_name
from community.routing.queries import asking as queries
from community.routing.services import asking
from community.routing.views import bp


@bp.post("/topics/<key>/not-me")
def pass_on(key: str) -> Response:
    """Not me: the next person is asked, and nobody is told who passed."""
    with transaction():
        asking.pass_on(g.viewer, key)
    flash(_("Thank you. Somebody else is asked; nobody is told that you were."), "ok")
    return redirect(url_for("core.home"), 303)


@bp.route("/topics/<key>/ask-someone", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def ask_by_name(key: str) -> str | tuple[str, int] | Response:
    """Lay one's own question before somebody who lets themselves be chosen."""
    topic = _own(key)
    form = _form(topic)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                asking.ask_by_name(g.viewer, _own(key), form.persona.data)
            flash(_("Asked. They find your question on their home page."), "ok")
            return redirect(url_for("forum.topic", key=key), 303)
        except Invalid as problem:
            topic = _own(key)
            form = _form(topic)
            blame(form, problem)
    page = render_template(
        "routing/ask_by_name.html",
        form=form,
        topic=topic,
        asked=queries.asked_about(topic),
        most=asking.MOST_BY_NAME,
    )
    return (page, 422) if request.method == "POST" else page


def _own(key: str) -> Topic:
    """The viewer's own waiting question. :raises NotAllowed: somebody else's, or one that has an answer."""
    topic = one_or_404(topics_seen_by(g.viewer), Topic.key == key)
    require(may_ask_by_name(g.viewer, topic), _("Only whoever asked chooses whom to ask."))
    return topic


def _form(topic: Topic) -> ByNameForm:
    form = ByNameForm()
    form.persona.choices = options((one.id, one.name) for one in queries.names_to_ask(topic))
    return form
