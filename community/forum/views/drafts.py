"""Drafts: kept while one types, listed, discarded."""

from __future__ import annotations

from flask import g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.core.access import require
from community.core.db import transaction
from community.core.errors import BadRequest
from community.core.idempotency import was_taken
from community.core.limits import limiter
from community.forum.forms.attachments import kept_alts
from community.forum.queries import drafts as queries
from community.forum.services import draft_files
from community.forum.services import drafts as services
from community.forum.views import bp


@bp.get("/drafts")
def drafts() -> str:
    """What the viewer began to write and has not sent."""
    require(g.viewer.signed_in, _("Sign in to find your drafts."))
    return render_template("forum/drafts.html", drafts=queries.drafts_of(g.viewer), days=services.KEPT_DAYS)


@bp.post("/drafts")
@limiter.limit("40/minute")
def keep_draft() -> Response | tuple[str, int]:
    """Keep what a form holds so far, sent by its script (204) or by a button (back to the list).

    The place is in the address or in the form; JSON is ``{"place": …, "fields": {…}}``. A form that
    was sent in the meantime is not a draft any more: the script's last save may arrive after it.
    """
    place, fields = _sent()
    form_key = fields.get("idem")
    with transaction():
        if not (isinstance(form_key, str) and was_taken(form_key, g.viewer.persona_id or "")):
            services.keep(g.viewer, place, fields)
            if alts := kept_alts(fields):
                draft_files.change_kept(g.viewer, place, (), alts)
    if request.is_json or request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return redirect(url_for(".drafts"), 303)


def _sent() -> tuple[str, dict[str, str | list[str]]]:
    if not request.is_json:
        place = request.args.get("place") or request.form.get("place", "")
        several = request.form.to_dict(flat=False)
        return place, {name: found if len(found) > 1 else found[0] for name, found in several.items()}
    try:
        said = request.get_json(silent=True)
    except RecursionError:  # brackets in brackets, thousands deep
        raise BadRequest from None
    if not isinstance(said, dict) or not isinstance(said.get("fields"), dict):
        raise BadRequest
    fields = said["fields"]
    if not all(isinstance(value, (str, list)) for value in fields.values()):
        raise BadRequest
    return str(request.args.get("place") or said.get("place", "")), fields


@bp.post("/drafts/discard")
def discard_draft() -> Response:
    """Forget a draft that is not wanted."""
    place = request.form.get("place", "")
    with transaction():
        draft_files.drop_kept(g.viewer, place)
        services.drop(g.viewer, place)
    return redirect(url_for(".drafts"), 303)
