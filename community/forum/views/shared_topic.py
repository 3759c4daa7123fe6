"""The page of a topic that many members are shown alike, made once for all of them.

Who wrote in it, keeps something of it, was invited into it or began a reply gets a page of their own. To all
others with the same rights in its space it says the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from flask import current_app, g, request, session

from community.accounts.viewer import Viewer
from community.core import help as helplines
from community.core import shared_pages, stamps
from community.core.i18n import current_language
from community.core.shared_pages import MONOGRAM, NAME, NOBODY
from community.core.templating import masthead, theme
from community.forum.queries.page_version import Head, head_of, holds_until
from community.forum.queries.posts import OwnMarks, marks_of_reader

Make = Callable[[Viewer, OwnMarks], str]

_READER = stamps.Reader()
# What others put on the page of whoever carries this in the cookie of the session.
_TOLD_BY_COOKIE = ("shown",)


def shared(key: str, page: int, make: Make) -> str | None:
    """The page as this reader is shown it; None where it has to be made for them alone.

    :param make: the page for a viewer with these marks.
    :raises NotFound: the viewer sees no such topic or page.
    """
    head = _of_many(key)
    own = marks_of_reader(g.viewer, head.topic_id, head.space_id, key) if head else None
    if head is None or own is None:
        return None
    own = replace(own, last_read=min(own.last_read, head.last_number))
    stand_in = _stand_in(g.viewer, head)
    name = (key, page, current_language(), theme(), stand_in, own, _told_by_cookie(), helplines.fingerprint())
    kept = shared_pages.pages()
    found = kept.get(name, head.numbers)
    if found is None:
        until = holds_until(head.topic_id, page)
        found = _made(stand_in, own, make)
        kept.put(name, head.numbers, until, found)
    return shared_pages.filled(found, _places(g.viewer), masthead(g.viewer))


def _made(stand_in: Viewer, own: OwnMarks, make: Make) -> str:
    reader = g.viewer
    g.viewer = stand_in
    try:
        with shared_pages.making():
            return shared_pages.opened(make(stand_in, own))
    finally:
        g.viewer = reader


def _places(viewer: Viewer) -> dict[str, str]:
    return {NOBODY: viewer.persona_id or "", NAME: viewer.name, MONOGRAM: viewer.monogram}


def _told_by_cookie() -> tuple[bool, ...]:
    return tuple(bool(session.get(name)) for name in _TOLD_BY_COOKIE)


def _of_many(key: str) -> Head | None:
    """What is known of the topic, if this request asks for nothing of its own."""
    plain = request.method == "GET" and not (set(request.args) - {"page"}) and "_flashes" not in session
    if not plain or not g.viewer.signed_in or current_app.extensions["settings"].stage == "development":
        return None
    head = head_of(_READER, key)
    # Whoever sees nothing of it is answered as if it were not there, by the same steps.
    seen = head and (g.viewer.audiences & head.audiences or head.slug in g.viewer.moderates)
    return head if seen and not _limited(g.viewer) else None


def _limited(viewer: Viewer) -> bool:
    """Whether a moderator limited what this name may do for a while: its pages say so."""
    return any(one.startswith("limit:") for one in viewer.audiences)


def _stand_in(viewer: Viewer, head: Head) -> Viewer:
    """Somebody with the same rights here who is nobody: what is made for them can name no reader."""
    return replace(
        viewer,
        persona_id=NOBODY,
        name=NAME,
        monogram=MONOGRAM,
        audiences=viewer.audiences & head.audiences,
        moderates=viewer.moderates & {head.slug},
        region=(viewer.region or "")[:2] or None,  # whose help lines stand on top
    )
