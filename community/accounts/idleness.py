"""Sessions that lie idle end: how long one may do nothing is the account's own choice, within bounds.

When somebody was here last is known to their own cookie alone, in minutes and only where it matters; no table
keeps it. What an open page asks by itself is no sign that anybody sits before it.
"""

from __future__ import annotations

from flask import request, session

from community.accounts.viewer import Viewer
from community.core import clock

SEEN = "at"
# Minutes that an account may choose. Where it chose nothing: a week; an hour for whoever holds a duty; half
# an hour on a device that others use. A duty is never left open for longer than a working day.
CHOICES = (15, 60, 480, 10_080)
USUAL, WITH_DUTY, SHARED, LONGEST_WITH_DUTY = 10_080, 60, 30, 480
_MOMENTS = 15  # the cookie is written anew after this part of the time, not at each request


def minutes_of(chosen: int | None, viewer: Viewer, *, shared: bool) -> int:
    """For how long nothing may be done in a session of an account."""
    lasts = chosen or (WITH_DUTY if _has_duty(viewer) else USUAL)
    if _has_duty(viewer):
        lasts = min(lasts, LONGEST_WITH_DUTY)
    return min(lasts, SHARED) if shared else lasts


def _has_duty(viewer: Viewer) -> bool:
    return bool(viewer.duties or viewer.moderates)


def idle_since(seen: int, chosen: int | None, viewer: Viewer, *, shared: bool) -> bool:
    """Whether nothing was done for too long, where the last act was in this minute (of the epoch)."""
    return int(clock.now().timestamp()) // 60 - seen > minutes_of(chosen, viewer, shared=shared)


def lay_idle(viewer: Viewer, chosen: int | None) -> bool:
    """Whether nothing was done in the session of this request for too long; else it is noted that somebody is
    here, where somebody is."""
    lasts = minutes_of(chosen, viewer, shared=not session.permanent)
    now = int(clock.now().timestamp()) // 60
    seen = session.get(SEEN)
    if isinstance(seen, int) and now - seen > lasts:
        return True
    if not isinstance(seen, int) or (_by_hand() and now - seen >= max(lasts // _MOMENTS, 1)):
        session[SEEN] = now
    return False


def _by_hand() -> bool:
    """Whether a person did this: asked for a page or sent a form, not what a script asks in between."""
    if request.endpoint is None:
        return False
    return request.method != "GET" or request.headers.get("X-Requested-With") != "fetch"
