"""I referred someone here: one click, and later one more that says what became of it."""

from __future__ import annotations

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from community.accounts.privacy import words as privacy
from community.accounts.viewer import Viewer
from community.core import archives, panels
from community.core.access import require
from community.core.answers import done
from community.core.db import transaction
from community.core.i18n import current_language, page_blueprint
from community.core.idempotency import once
from community.core.limits import limiter
from community.core.panels import Link, MenuSection
from community.directory.forms.referrals import ReferredForm
from community.directory.permissions.referrals import may_keep_referrals, may_refer
from community.directory.queries import rates
from community.directory.queries.referrals import own_referrals, own_rows
from community.directory.services import referrals
from community.directory.words import referrals as referral_words
from community.operations import retention

bp: Blueprint = page_blueprint("directory_referrals", __name__, under="/directory")


def init_app() -> None:
    """Put the click under each service, and the list into the menu."""
    panels.add("service", _under_service, order=10)
    panels.add("menu_sections", _section, order=16)
    privacy.name_lists({"referrals": _l("Where it referred somebody in the last ninety days")})
    archives.part("referrals", own_rows)
    archives.eraser("referrals", referrals.leave)
    what, kept, table, by = referrals.KEPT_RULE
    retention.rule(what, kept, table=table, by=by)


@bp.get("/referrals")
def mine() -> str:
    """The speaking name's own list: what became of each?"""
    require(may_keep_referrals(g.viewer))
    found = own_referrals(g.viewer, current_language())
    return render_template(
        "directory/referrals.html", found=found, words=referral_words, may_refer_someone=may_refer(g.viewer)
    )


@bp.post("/services/<id>/referrals")
@limiter.limit("30/hour")
def refer(id: str) -> Response:
    """Count one more referral to this service."""
    form = ReferredForm()

    def made() -> str:
        referrals.refer(g.viewer, id)
        return url_for(".mine")

    address = once(form.idem.data or "", g.viewer.persona_id or "", made)
    said = (_("Counted: you referred someone."), _("In two weeks you are asked what became of it."))
    flash(said, "ok")  # type: ignore[arg-type]  # bold line, what follows
    return redirect(address, 303)


@bp.post("/referrals/<key>/outcome")
@limiter.limit("60/minute")
def tell(key: str) -> Response | tuple[str, int]:
    """Say what became of a referral."""
    with transaction():
        referrals.tell(g.viewer, key, request.form.get("outcome", ""))
    return done(url_for(".mine", _anchor=f"r-{key}"))


@bp.post("/referrals/<key>/take-back")
@limiter.limit("60/minute")
def take_back(key: str) -> Response:
    """Undo a click that was one too many."""
    with transaction():
        referrals.take_back(g.viewer, key)
    flash(_("Taken back: it is not counted any more."), "ok")
    return redirect(url_for(".mine"), 303)


def _under_service(viewer: Viewer, service_id: str) -> str:
    return render_template(
        "directory/_referred.html",
        service_id=service_id,
        may_refer_here=may_refer(viewer),
        rate=rates.last_line(viewer, "service", service_id),
        words=referral_words,
    )


def _section(viewer: Viewer) -> MenuSection:
    figures = Link(url_for("directory_rates.page"), _("What became of referrals"), "chart")
    own = Link(url_for("directory_referrals.mine"), _("My referrals"), "check")
    links = (own, figures) if may_refer(viewer) else (figures,)
    return MenuSection(_("Referrals"), links)
