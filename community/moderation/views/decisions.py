"""A decision: whom it concerns reads why and may ask for a second look; those who moderate take it back."""

from __future__ import annotations

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.guards import signed_in
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.idempotency import once
from community.core.limits import limiter
from community.moderation.forms import AppealForm, JudgeForm
from community.moderation.queries import decisions as queries
from community.moderation.services import acting, appealing
from community.moderation.views import bp

Page = str | tuple[str, int] | Response
_ASKED = _l("Asked. Somebody else than who decided looks at it, and you are told.")
_ASKED_ALONE = _l(
    "Asked. For now nobody else than who decided answers for this: those who coordinate and administer "
    "the site are told that somebody is needed, and your request waits until then."
)


@bp.get("/moderation/decisions")
@signed_in
def mine() -> str:
    """What was decided about what one wrote under this name."""
    return render_template("moderation/mine.html", acts=queries.about(g.viewer))


@bp.get("/moderation/decisions/<key>")
def decision(key: str) -> Page:
    """One decision: what, why, until when, and what can be done."""
    return _page(key)


def _page(key: str, appeal: AppealForm | None = None, judge: JudgeForm | None = None) -> Page:
    found = queries.decision_of(g.viewer, queries.act_seen(g.viewer, key))
    page = render_template(
        "moderation/decision.html",
        found=found,
        act=found.act,
        appeal_form=appeal or AppealForm(formdata=None),
        judge_form=judge or JudgeForm(formdata=None),
    )
    return (page, 422) if request.method == "POST" else page


@bp.post("/moderation/decisions/<key>/appeal")
@limiter.limit("20/hour")
def appeal(key: str) -> Page:
    """Ask that somebody else looks again."""
    found = queries.decision_of(g.viewer, queries.act_seen(g.viewer, key))
    require(found.may_appeal, _("A second look is asked for once, within thirty days."))
    form = AppealForm()
    if form.validate():
        try:
            once(form.idem.data or "", g.viewer.persona_id or "", lambda: _appeal(key, form.words.data or ""))
            flash(str(_ASKED_ALONE if found.alone else _ASKED), "ok")
            return redirect(url_for(".decision", key=key), 303)
        except Invalid as problem:
            blame(form, problem)
    return _page(key, appeal=form)


def _appeal(key: str, words: str) -> str:
    appealing.appeal(g.viewer, queries.act_seen(g.viewer, key), words)
    return "asked"


@bp.post("/moderation/decisions/<key>/judge")
def judge(key: str) -> Page:
    """Answer an appeal: the decision stands, or is taken back."""
    found = queries.decision_of(g.viewer, queries.act_seen(g.viewer, key))
    appealing.refuse_answered(found.appeal, request.form.get("answer", ""))
    require(found.may_judge, _("A second look is given by somebody else than who decided."))
    form = JudgeForm()
    if form.validate():
        try:
            with transaction():
                act = queries.act_seen(g.viewer, key)
                appealing.judge(
                    g.viewer, act, queries.matter_of(act), form.verdict.data, form.answer.data or ""
                )
            flash(_("Answered. Whoever asked is told."), "ok")
            return redirect(url_for(".queue"), 303)
        except Invalid as problem:
            blame(form, problem)
        except appealing.Answered:
            raise
        except Conflict as problem:  # it cannot be taken back as things are: the answer stays typed
            form.verdict.errors = [str(problem.sentence)]
    return _page(key, judge=form)


@bp.post("/moderation/decisions/<key>/undo")
def undo(key: str) -> Response:
    """Take an act back."""
    with transaction():
        act = queries.act_seen(g.viewer, key)
        acting.undo(g.viewer, act, queries.matter_of(act))
    flash(_("Taken back. Whom it concerns is told."), "ok")
    return redirect(url_for(".decision", key=key), 303)
