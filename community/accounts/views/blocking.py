"""Block and mute: the page about one name, and the list of those one keeps away."""

from __future__ import annotations

from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts import blocking
from community.accounts.distances import Distance
from community.accounts.guards import signed_in
from community.accounts.models import Persona
from community.accounts.permissions import personas_seen_by
from community.accounts.queries import face
from community.accounts.views.blueprint import bp
from community.core.access import one_or_404, require
from community.core.db import transaction
from community.core.errors import NotFound


@bp.route("/people/<key>/distance", methods=["GET", "POST"])
def keep_distance(key: str) -> Any:
    """Block or mute a public name, or neither."""
    if not g.viewer.signed_in:
        raise NotFound
    back = url_for(".person", key=key)
    persona = one_or_404(personas_seen_by(g.viewer), Persona.id == key)
    if request.method != "POST":
        return distance_page(persona, request.path, back)
    choose_distance(lambda: one_or_404(personas_seen_by(g.viewer), Persona.id == key))
    return redirect(back, 303)


@bp.get("/kept-away")
@signed_in
def kept_away() -> str:
    """Whom the speaking name blocks or mutes. Only it sees this."""
    return render_template("accounts/kept_away.html", kept=blocking.kept_away(g.viewer))


@bp.post("/kept-away/<key>/let-near")
@signed_in
def let_near(key: str) -> Any:
    """Keep a name away no longer."""
    with transaction():
        blocking.let_near(g.viewer, one_or_404(blocking.distances_seen_by(g.viewer), Distance.key == key))
    flash(_("That name is kept away no longer. Nobody was told."), "ok")
    return redirect(url_for(".kept_away"), 303)


# Shared with the pages of upper domains, where a name is met beside what it wrote


def distance_page(persona: Persona, action: str, back: str) -> str:
    """The choice for one name the viewer meets."""
    require(blocking.may_keep_away(g.viewer, persona), _("You cannot block or mute this name."))
    return render_template(
        "accounts/distance.html",
        face=face(persona),
        kept=blocking.distance_to(g.viewer, persona.id),
        action=action,
        back=back,
    )


def choose_distance(load: Any) -> None:
    """Keep what was chosen. ``load`` reads the name again, as the transaction shows it."""
    kind = request.form.get("kind", "")
    with transaction():
        persona: Persona = load()
        if kind == "none":
            blocking.let_near_persona(g.viewer, persona)
        else:
            blocking.keep_away(g.viewer, persona, kind)
    if kind == "none":
        flash(_("That name is kept away no longer. Nobody was told."), "ok")
    else:
        said = (_("Kept. Nobody was told."), _("You can change it at any time, under “Whom you keep away”."))
        flash(said, "ok")  # type: ignore[arg-type]  # bold line, what follows
