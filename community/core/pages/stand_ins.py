"""Pages that many members are shown alike: for whom they are made, and what goes into their places.

A viewer here is one of ``accounts.viewer``, of which this knows what every page says.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flask import Response, current_app, g, request, session

from community.core import clock
from community.core.i18n import current_language, switch_language_url
from community.core.pages import shared as shared_pages
from community.core.pages.keeping import Kept, pages
from community.core.pages.shared import MONOGRAM, NAME, NOBODY, Fill, Reader, words
from community.core.pages.templating import masthead_part, strip_part, theme

# What others put on the page of whoever carries this in the cookie of the session.
_TOLD_BY_COOKIE = ("shown",)


def asks_nothing_of_its_own(also: Collection[str]) -> bool:
    """Whether this request of a member may be answered as others are.

    :param also: what may stand in the address.
    """
    plain = request.method == "GET" and set(request.args) <= set(also) and "_flashes" not in session
    kept = plain and g.viewer.signed_in and current_app.extensions["settings"].stage != "development"
    return kept and not _limited(g.viewer)


def _limited(viewer: Any) -> bool:
    """Whether a moderator limited what this name may do for a while: its pages say so."""
    return any(one.startswith("limit:") for one in viewer.audiences)


def stand_in(viewer: Any, audiences: Iterable[str], slug: str) -> Any:
    """Somebody with the same rights in a space who is nobody: what is made for them can name no reader.

    :param audiences: those on which anything depends there.
    """
    return replace(
        viewer,
        persona_id=NOBODY,
        name=NAME,
        monogram=MONOGRAM,
        audiences=viewer.audiences & frozenset(audiences),
        moderates=viewer.moderates & {slug},
        region=None,
        lang="",
        groups=frozenset(),
    )


def stand_in_everywhere(viewer: Any, audiences: Iterable[str]) -> Any:
    """The same for pages of all spaces at once."""
    return replace(stand_in(viewer, audiences, ""), moderates=viewer.moderates)


def told_apart() -> tuple[object, ...]:
    """What else tells one page from another, whoever reads it."""
    return (current_language(), theme(), *(bool(session.get(name)) for name in _TOLD_BY_COOKIE))


def made_for(viewer: Any, make: Callable[[], str]) -> str:
    """A page as this viewer is shown it, with its places left open."""
    reader = g.viewer
    g.viewer = viewer
    try:
        with shared_pages.making():
            return make()
    finally:
        g.viewer = reader


def kept_for(
    viewer: Any, about: tuple[Hashable, ...], numbers: tuple[Any, ...] | None, make: Callable[[], str]
) -> Response | str:
    """A page of this reader alone, kept within this minute while these numbers stand.

    :param about: what is asked, told apart from whatever else is kept. :param numbers: None: it is made now.
    """
    if numbers is None:
        return make()
    known = numbers

    def made() -> Kept:
        until = clock.now().replace(second=0, microsecond=0) + timedelta(minutes=1)
        return Kept(known, until, shared_pages.cut(made_for(viewer, make), packed=True))

    found = pages().found_or_made((*about, viewer, told_apart()), known, made)
    return shared_pages.given(found.sheet, Reader(frame_of(viewer), {}))


def frame_of(viewer: Any) -> dict[str, Fill]:
    """What goes into the places that every page has: each thing asked for this reader, at this moment."""
    places: dict[str, Fill] = {
        "strip": lambda: shared_pages.filled(strip_part(viewer), reader),
        "otherlanguage": words(switch_language_url()),
        "masthead": lambda: shared_pages.filled(masthead_part(viewer), reader),
        "nobody": words(viewer.persona_id or ""),
        "name": words(viewer.name),
        "monogram": words(viewer.monogram),
        "form": shared_pages.new_form_key,
    }
    reader = shared_pages.Reader(places, {})
    return places
