"""Who is linked to whom, how closely, and what the two may tell each other."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core import clock
from community.core.access import require
from community.core.answers import Page, form_page, made_once
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.i18n import current_language, page_blueprint
from community.core.limits import limiter
from community.core.regions import REGIONS
from community.directory.forms.links import JointWorkForm, LinkForm, NewLinkForm
from community.directory.models.links import OrganizationLink
from community.directory.permissions.together import may_begin_together, may_confirm_link, may_keep_link
from community.directory.queries import links as queries
from community.directory.queries import partners
from community.directory.services import links as services
from community.directory.services.reading import mark
from community.directory.words import together as together_words

bp: Blueprint = page_blueprint("directory_links", __name__, under="/directory/links")
A_YEAR = timedelta(days=365)


@bp.context_processor
def _words() -> dict[str, object]:
    return {"together_words": together_words}


@bp.get("")
def links() -> str:
    """Who is linked to whom, in a region or everywhere: a table and a drawing."""
    region = request.args.get("region", "")
    region = region if region in REGIONS else ""
    return render_template(
        "directory/links.html",
        web=queries.web(g.viewer, region, current_language()),
        most=queries.MOST,
        region=region,
        may_begin=may_begin_together(g.viewer),
    )


@bp.route("/new", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def new_link() -> Page:
    """State a link between an organization of one's own and another."""
    require(may_begin_together(g.viewer), together_words.ONLY_KEEPERS)
    lang = current_language()
    own = partners.own(g.viewer, lang)
    typed: dict[str, Any] = {"intensity": "1", "review_on": clock.today() + A_YEAR}
    if len(own) == 1:
        typed["organization"] = own[0].name.text
    form = NewLinkForm(data=typed)
    if request.method == "POST" and form.validate():

        def make() -> str:
            ends = form.organization.chosen, form.other.chosen
            made = services.state(g.viewer, *ends, _said(form))
            return url_for(".link", key=made.key)

        if answer := made_once(form, make):
            return answer
    suggested = partners.suggested(g.viewer, lang)
    page: dict[str, Any] = {"pair": None, "own": own, "suggested": suggested, "differences": None}
    return form_page("directory/link_form.html", form, **page)


@bp.get("/<key>")
def link(key: str) -> str:
    """A link: how closely, what may be told, since when, and how often the two worked together."""
    return _page(queries.link(g.viewer, key), JointWorkForm(formdata=None, data=_last_month()))


def _last_month() -> dict[str, Any]:
    return {"month": (clock.today().replace(day=1) - timedelta(days=1)).replace(day=1)}


def _page(found: OrganizationLink, form: JointWorkForm) -> str:
    return render_template(
        "directory/link.html",
        pair=queries.pair(g.viewer, found, current_language()),
        months=queries.months(g.viewer, found),
        keeps=may_keep_link(g.viewer, found),
        may_confirm=may_confirm_link(g.viewer, found),
        seen=services.mark(found),
        form=form,
    )


def _kept(key: str) -> OrganizationLink:
    """A link for those who write of it. :raises NotAllowed: somebody who only reads."""
    found = queries.link(g.viewer, key)
    require(may_keep_link(g.viewer, found), together_words.ONLY_KEEPERS)
    return found


@bp.route("/<key>/edit", methods=["GET", "POST"])
def edit_link(key: str) -> Page:
    """State a link anew."""
    found = _kept(key)
    form = LinkForm(data={**_as_typed(found), "seen": mark(found)})
    status, differences = 422, None
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.change(g.viewer, _kept(key), _said(form), form.read)
            return redirect(url_for(".link", key=key), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict:
            status, differences = 409, form.again(_as_typed(_kept(key)), mark(_kept(key)))
        found = _kept(key)
    pair = queries.pair(g.viewer, found, current_language())
    page = {"pair": pair, "own": [], "suggested": [], "differences": differences}
    return form_page("directory/link_form.html", form, status, **page)


def _as_typed(found: OrganizationLink) -> dict[str, Any]:
    fields = ("since", "review_on", "agreement", "consent_form", "consent_version")
    return {
        **{field: getattr(found, field) for field in fields},
        "intensity": str(found.intensity),
        "regions": [row.region for row in found.regions],
        "exchanged": found.exchanged.split(","),
        "basis": found.basis or "consent",
    }


def _said(form: LinkForm) -> services.LinkWords:
    agreement = services.Agreement(
        exchanged=form.exchanged.data or (),
        basis=form.basis.data,
        consent_form=form.consent_form.data or "",
        consent_version=form.consent_version.data or "",
    )
    return services.LinkWords(
        intensity=int(form.intensity.data),
        regions=form.regions.data or (),
        since=form.since.data,
        review_on=form.review_on.data or clock.today(),
        agreement=agreement if form.agreement.data else None,
    )


@bp.post("/<key>/confirm")
def confirm_link(key: str) -> Response:
    """Confirm in the name of the other organization what was stated."""
    with transaction():
        services.confirm(g.viewer, queries.link(g.viewer, key), request.form.get("seen", ""))
    flash(_("Confirmed. Both organizations now say so."), "ok")
    return redirect(url_for(".link", key=key), 303)


@bp.post("/<key>/end")
def end_link(key: str) -> Response:
    """Take a link away, with its counts."""
    with transaction():
        services.end(g.viewer, _kept(key))
    flash(_("The link is taken away."), "ok")
    return redirect(url_for(".links"), 303)


@bp.post("/<key>/counts")
def count_joint_work(key: str) -> Page:
    """Say how often the two worked together in a month."""
    found, form = _kept(key), JointWorkForm()
    if form.validate():
        month, counts = _counted(form)
        try:
            with transaction():
                services.count(g.viewer, _kept(key), month, counts)
            flash(_("Kept."), "ok")
            return redirect(url_for(".link", key=key, _anchor="counts"), 303)
        except Invalid as problem:
            blame(form, problem)
            found = _kept(key)
    return _page(found, form), 422


def _counted(form: JointWorkForm) -> tuple[date, services.Counts]:
    """What a form that is valid says."""
    month, numbers = form.month.data, [form.discussions.data, form.follow_ups.data, form.plans.data]
    known = [number for number in numbers if number is not None]
    if month is None or len(known) != len(numbers):
        raise ValueError("the form was not validated")
    return month, services.Counts(*known)
