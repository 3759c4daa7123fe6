"""Cross-training: workshops and observation placements, by region and kind."""

from __future__ import annotations

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
from community.core.i18n import NAMES, current_language, page_blueprint
from community.core.limits import limiter
from community.core.regions import REGIONS
from community.directory.forms.training import NewTrainingForm, TrainingForm
from community.directory.models.training import Training
from community.directory.permissions.together import may_begin_together, may_keep_training
from community.directory.queries import partners
from community.directory.queries import training as queries
from community.directory.services import training as services
from community.directory.services.reading import mark
from community.directory.words import arrangements as arrangement_words
from community.directory.words import together as together_words

bp: Blueprint = page_blueprint("directory_training", __name__, under="/directory/training")
_FIELDS = ("way", "kind", "region", "place", "places", "starts_on", "ends_on")
_TEXTS = ("title_en", "title_fr", "about_en", "about_fr")


@bp.context_processor
def _words() -> dict[str, object]:
    return {"together_words": together_words, "arranged_words": arrangement_words}


@bp.get("")
def trainings() -> str:
    """What is offered and looked for, of a region and of a kind or all."""
    known = {"region": REGIONS, "kind": together_words.TRAINING_KINDS, "way": together_words.WAYS}
    said = {name: request.args.get(name, "") for name in known}
    chosen = {name: said[name] if said[name] in codes else "" for name, codes in known.items()}
    return render_template(
        "directory/trainings.html",
        found=queries.listed(g.viewer, current_language(), **chosen),
        most=queries.MOST,
        chosen=chosen,
        may_begin=may_begin_together(g.viewer),
    )


@bp.route("/new", methods=["GET", "POST"])
@limiter.limit("30/hour", methods=["POST"])
def new_training() -> Page:
    """Offer a workshop or placement, or look for one."""
    require(may_begin_together(g.viewer), together_words.ONLY_KEEPERS)
    own = partners.own(g.viewer, current_language())
    typed: dict[str, Any] = {"langs": [current_language()]}
    if len(own) == 1:
        typed["organization"] = own[0].name.text
    form = NewTrainingForm(data=typed)
    if request.method == "POST" and form.validate():

        def make() -> str:
            made = services.write(g.viewer, form.organization.chosen, _said(form))
            return url_for(".training", key=made.key)

        if answer := made_once(form, make):
            return answer
    return form_page("directory/training_form.html", form, training=None, own=own, differences=None)


@bp.get("/<key>")
def training(key: str) -> str:
    """A workshop or placement, and how to reach the organization."""
    found = queries.training(g.viewer, key)
    return render_template(
        "directory/training.html",
        given=queries.given(g.viewer, found, current_language()),
        contact=partners.contact(g.viewer, found.organization_id),
        over=found.ends_on < clock.today(),
        keeps=may_keep_training(g.viewer, found),
        language_names=NAMES,
    )


def _kept(key: str) -> Training:
    """One for those who write it. :raises NotAllowed: somebody who only reads."""
    found = queries.training(g.viewer, key)
    require(may_keep_training(g.viewer, found), together_words.ONLY_KEEPERS)
    return found


@bp.route("/<key>/edit", methods=["GET", "POST"])
def edit_training(key: str) -> Page:
    """Change a workshop or placement."""
    found = _kept(key)
    form = TrainingForm(data={**_as_typed(found), "seen": mark(found)})
    status, differences = 422, None
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                services.change(g.viewer, _kept(key), _said(form), form.read)
            return redirect(url_for(".training", key=key), 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict:
            status, differences = 409, form.again(_as_typed(_kept(key)), mark(_kept(key)))
        found = _kept(key)
    page = {"training": found, "own": [], "differences": differences}
    return form_page("directory/training_form.html", form, status, **page)


def _as_typed(found: Training) -> dict[str, Any]:
    return {
        **{field: getattr(found, field) for field in (*_FIELDS, *_TEXTS)},
        "langs": found.langs.split(","),
        "for_whom": found.for_whom.split(","),
    }


def _said(form: TrainingForm) -> services.TrainingWords:
    first, last = form.starts_on.data, form.ends_on.data
    if first is None or last is None:
        raise ValueError("the form was not validated")
    return services.TrainingWords(
        way=form.way.data,
        kind=form.kind.data,
        region=form.region.data,
        texts={field: form[field].data or "" for field in _TEXTS},
        place=form.place.data or "",
        places=form.places.data,
        langs=form.langs.data or (),
        for_whom=form.for_whom.data or (),
        starts_on=first,
        ends_on=last,
    )


@bp.post("/<key>/withdraw")
def withdraw_training(key: str) -> Response:
    """Take it away."""
    with transaction():
        services.withdraw(g.viewer, _kept(key))
    flash(_("It is taken away."), "ok")
    return redirect(url_for(".trainings"), 303)
