"""What a session is good for: duties wait until it was opened by more than a password.

Whoever guesses or steals the password of somebody with a duty gets a name to write under, and neither
the queue nor the register. The mark is in the signed cookie, bound to its session like everything there.
"""

from __future__ import annotations

from dataclasses import replace

from flask import Response, g, redirect, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from community.accounts.viewer import Viewer

MARK = "two"


def is_strong() -> bool:
    """Whether this session was opened by more than a password."""
    return bool(session.get(MARK))


def without_waiting_duties(viewer: Viewer) -> Viewer:
    """The viewer as far as this session is good for."""
    if is_strong() or not (viewer.duties or viewer.moderates):
        return viewer
    g.duties_wait = True
    return replace(viewer, duties=frozenset(), moderates=frozenset())


def lead_to_second_factor(response: Response) -> AnyResponse:
    """Where a page is not for this viewer while a duty waits, lead to what it waits for."""
    if not g.get("duties_wait") or response.status_code not in {403, 404}:
        return response
    if request.method != "GET" or request.endpoint is None:
        return response
    return redirect(url_for("accounts.security"))
