"""What administrators keep running: the register of acts, failed jobs, help lines."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from community.accounts.forms import EndSessionsForm, HelpLineForm, put_fault
from community.accounts.guards import freshly
from community.accounts.queries import faces_of
from community.accounts.services import devices, operating
from community.accounts.signin import letters
from community.accounts.views.blueprint import bp, with_duty
from community.core import jobs
from community.core.access import one_or_404
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from community.core.errors import Invalid
from community.core.help import HelpLine
from community.core.limits import limiter
from community.core.paging import page_by_key


@bp.get("/register")
@with_duty("administrator")
def audit_list() -> str:
    """Every act of somebody with a duty, newest first."""
    page = page_by_key(select(AuditEntry), [(AuditEntry.number, "desc")], request.args.get("after"), 50)
    named = [(entry.actor_id, entry.target, str(entry.detail.get("persona", ""))) for entry in page.items]
    faces = faces_of([key for keys in named for key in keys])
    return render_template("accounts/audit_list.html", page=page, faces=faces)


@bp.get("/jobs")
@with_duty("administrator")
def job_list() -> str:
    """What failed five times."""
    return render_template("accounts/job_list.html", jobs=jobs.dead_jobs())


@bp.post("/jobs/<key>/retry")
@with_duty("administrator")
def retry_job(key: str) -> Any:
    """Start a failed job again."""
    with transaction():
        operating.retry_job(g.viewer, key)
    flash(_("It will be tried again at once."), "ok")
    return redirect(url_for(".job_list"))


@bp.route("/end-sessions", methods=["GET", "POST"])
@limiter.limit("20/hour", methods=["POST"])
@with_duty("administrator", freshly)
def end_sessions() -> Any:
    """Sign an account out everywhere, when its owner asks for it. Says nothing of whether it exists."""
    form = EndSessionsForm()
    if request.method == "POST" and form.validate():
        with transaction():
            member = devices.end_all_of(g.viewer, form.account.data or "")
            if member is not None and member.email:
                letters.tell(member, "signed out")
            else:
                letters.send_nothing("account")
        said = _("If there is such an account, it is signed out everywhere, and told by mail if it can be.")
        flash(said, "ok")
        return redirect(url_for(".end_sessions"))
    return render_template("accounts/end_sessions.html", form=form), 422 if form.errors else 200


@bp.get("/help-lines")
@with_duty("administrator")
def help_lines() -> str:
    """Every help line, the one checked longest ago first."""
    lines = list(db.session.scalars(select(HelpLine).order_by(HelpLine.checked, HelpLine.position)))
    return render_template("accounts/help_lines.html", lines=lines)


@bp.route("/help-lines/new", methods=["GET", "POST"], defaults={"key": ""})
@bp.route("/help-lines/<key>", methods=["GET", "POST"])
@with_duty("administrator")
def help_line(key: str) -> Any:
    """Add or change a help line."""
    line = one_or_404(select(HelpLine), HelpLine.id == key) if key else None
    form = HelpLineForm(data=_values(line))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                operating.save_line(g.viewer, line, form.data)
            flash(_("Saved. It is on every page within half a minute."), "ok")
            return redirect(url_for(".help_lines"))
        except Invalid as fault:
            put_fault(form, fault)
    return render_template("accounts/help_line.html", form=form, line=line), 422 if form.errors else 200


def _values(line: HelpLine | None) -> dict[str, Any]:
    if line is None:
        return {}
    kept = {name: getattr(line, name) for name in operating.EDITED}
    return {**kept, "regions": " ".join(line.regions), "but": " ".join(line.but)}


@bp.post("/help-lines/<key>/called")
@with_duty("administrator")
def called_line(key: str) -> Any:
    """I called it today."""
    line = one_or_404(select(HelpLine), HelpLine.id == key)
    with transaction():
        operating.called_line(g.viewer, line)
    flash(_("Noted, with today’s date."), "ok")
    return redirect(url_for(".help_lines"))


@bp.post("/help-lines/<key>/remove")
@with_duty("administrator")
def remove_line(key: str) -> Any:
    """Take a help line away."""
    line = one_or_404(select(HelpLine), HelpLine.id == key)
    with transaction():
        operating.remove_line(g.viewer, line)
    flash(_("The line is gone."), "ok")
    return redirect(url_for(".help_lines"))
