"""What a session is good for: duties wait until it was opened by more than a password.

Whoever guesses or steals the password of somebody with a duty gets a name to write under, and neither
the queue nor the register. Where the settings ask for it (``SECOND_FACTOR``), verified titles wait as well,
or every name. The mark is in the signed cookie, bound to its session like everything there.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from community.accounts import audiences
from community.accounts.models import PROFESSIONS
from community.accounts.viewer import VISITOR, Viewer
from community.core.store import settings

MARK = "two"
_OF_TITLES = frozenset(
    {audiences.PROFESSIONAL, audiences.CLINICIAN, *(audiences.group(code) for code in PROFESSIONS)}
)


def is_strong() -> bool:
    """Whether this session was opened by more than a password."""
    return bool(session.get(MARK))


def without_waiting_duties(viewer: Viewer) -> Viewer:
    """The viewer as far as this session is good for; what waits is kept for the pages that say so."""
    viewer, g.waits = good_for(viewer, strong=is_strong())
    g.duties_wait = g.waits == "duties"
    return viewer


def good_for(viewer: Viewer, *, strong: bool) -> tuple[Viewer, str]:
    """The viewer as far as a session is good for that was opened by more than a password, or not; and what
    waits for a second step: nothing, duties, title or name."""
    if strong or not viewer.signed_in:
        return viewer, ""
    asked, waits = settings().second_factor, ""
    if asked == "everyone":
        return VISITOR, "name"
    if asked == "professionals" and viewer.audiences & _OF_TITLES:
        waits, kept = "title", viewer.audiences - _OF_TITLES
        viewer = replace(viewer, audiences=kept, profession="", jurisdiction="", attested=False)
    if viewer.duties or viewer.moderates:
        waits, viewer = "duties", replace(viewer, duties=frozenset(), moderates=frozenset())
    return viewer, waits


def lead_to_second_factor(response: Response) -> AnyResponse:
    """Where a page is not for this viewer while a duty or a title waits, lead to what it waits for."""
    if not g.get("waits") or response.status_code not in {403, 404}:
        return response
    if request.method != "GET" or request.endpoint is None:
        return response
    return redirect(url_for("accounts.security"))
