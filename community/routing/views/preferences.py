"""What one can answer."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.db import transaction
from community.routing.forms import CanAnswerForm
from community.routing.models import CanAnswer
from community.routing.permissions import may_say_what_they_answer
from community.routing.queries import waiting
from community.routing.services import preferences
from community.routing.services.preferences import Said
from community.routing.views import bp

USUAL = 3


@bp.route("/what-i-can-answer", methods=["GET", "POST"])
def can_answer() -> str | tuple[str, int] | Response:
    """What the speaking name can answer, how much of it, and whether it may be chosen by name."""
    require(may_say_what_they_answer(g.viewer))
    kept = waiting.said_by(g.viewer)
    form = CanAnswerForm(data=_as_typed(kept))
    if request.method == "POST" and form.validate():
        with transaction():
            preferences.say(g.viewer, _said(form))
        flash(_("Kept. From now on questions are laid before you accordingly."), "ok")
        return redirect(url_for(".can_answer"), 303)
    page = render_template(
        "routing/can_answer.html", form=form, said=kept, this_week=waiting.asked_this_week(g.viewer)
    )
    return (page, 422) if request.method == "POST" else page


def _as_typed(kept: CanAnswer | None) -> dict[str, object]:
    if kept is None:
        return {"weekly": USUAL, "langs": [g.viewer.lang]}
    return {
        "weekly": kept.weekly,
        "themes": sorted(kept.codes("theme")),
        "regions": sorted(kept.codes("region")),
        "langs": sorted(kept.codes("lang")),
        "by_name": kept.by_name,
        "paused": kept.paused,
    }


def _said(form: CanAnswerForm) -> Said:
    return Said(
        weekly=form.weekly.data or 0,
        themes=tuple(form.themes.data or ()),
        regions=tuple(form.regions.data or ()),
        langs=tuple(form.langs.data or ()),
        paused=bool(form.paused.data),
        by_name=bool(form.by_name.data),
    )
