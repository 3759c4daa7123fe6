"""Something not sent yet: kept on the server, sealed with a key outside the database.

A draft belongs to the persona that writes and to the place where it writes. Keeping one looks at
nothing but the persona: what is written to a topic that was closed, hidden or never there is kept
all the same, and the answer says nothing about that topic.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import bindparam, delete, func, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import db
from community.core.errors import BadRequest, Conflict, TooLarge
from community.core.padding import spaced
from community.core.prepared import Prepared
from community.core.sealing import seal
from community.core.upsert import insert_into
from community.forum.models import Draft, DraftFile
from community.forum.queries.drafts import PURPOSE, bound_to

KEPT_DAYS = 30
MOST_DRAFTS = 40
MOST_FAILED = 120  # what could not be sent still finds room where nothing else does
LARGEST = 400_000  # bytes: a text of twice the allowed length, with its sources, still fits
PLACE = re.compile(r"[a-z]{2,12}:[A-Za-z0-9_-]{0,60}")
# What a form carries besides words: its tokens, its buttons, passwords.
NOT_KEPT = frozenset({"csrf_token", "idem", "preview", "place", "password", "submit"})
# The fields that hold what a person writes. A draft in which all are blank is no draft.
WORDS = ("title", "body")

_DROP = Prepared(
    lambda: delete(Draft).where(Draft.persona_id == bindparam("persona_id"), Draft.place == bindparam("at"))
)

# As a browser sends them: a name, and one value or several.
Fields = Mapping[str, str | Sequence[str] | None]


def keep(
    viewer: Viewer, place: str, fields: Fields, *, with_files: bool = False, most: int = MOST_DRAFTS
) -> bool:
    """Keep what the viewer has written so far at this place; blank words without files drop it instead.

    :param place: "topic:<key>" a reply, "space:<slug>" a new topic, "edit:<key of the post>".
    :param with_files: a file comes next; those that wait already are seen here.
    :param most: how many there may be.
    :return: whether there is a draft now.
    :raises BadRequest: the place is not one.
    :raises TooLarge: more than a draft may hold. :raises Conflict: as many wait already.
    """
    require(viewer.signed_in)
    if not PLACE.fullmatch(place):
        raise BadRequest
    kept = _worth_keeping(fields)
    blank = not any(str(kept.get(name, "")).strip() for name in WORDS)
    if blank and not with_files and not _files_wait(viewer, place):
        drop(viewer, place)
        return False
    sealed = _sealed(viewer, place, kept)
    _require_room(viewer, place, most)
    said = {"sealed": sealed, "saved_on": clock.today()}
    row = insert_into(Draft).values(persona_id=viewer.persona_id, place=place, **said)
    db.session.execute(row.on_conflict_do_update(index_elements=["persona_id", "place"], set_=said))
    return True


def keep_failed(viewer: Viewer, place: str, fields: Fields) -> bool:
    """Keep what could not be sent. Unlike :func:`keep` it never raises: the page with the errors
    comes back with the text whether or not there was room for a draft.

    :return: whether it waits there now.
    """
    try:
        return viewer.signed_in and keep(viewer, place, fields, most=MOST_FAILED)
    except (TooLarge, Conflict, BadRequest):
        return False


def drop(viewer: Viewer, place: str) -> None:
    """Forget the draft of this place: it was sent, or is not wanted. Harmless when there is none."""
    require(viewer.signed_in)
    _DROP.change(persona_id=viewer.persona_id, at=place)


def drop_old() -> int:
    """Forget what was last written thirty days ago. Returns how many."""
    gone = delete(Draft).where(Draft.saved_on <= clock.today() - timedelta(days=KEPT_DAYS))
    return int(db.session.execute(gone).rowcount)  # type: ignore[attr-defined]


def _files_wait(viewer: Viewer, place: str) -> bool:
    waits = select(DraftFile.position).where(
        DraftFile.persona_id == viewer.persona_id, DraftFile.place == place
    )
    return db.session.execute(waits.limit(1)).first() is not None


def _worth_keeping(fields: Fields) -> dict[str, str | list[str]]:
    """The fields without tokens and buttons; a field given once, in a list of one, is a plain text."""
    kept: dict[str, str | list[str]] = {}
    for name, value in fields.items():
        if name in NOT_KEPT or value is None:
            continue
        if isinstance(value, str):
            kept[name] = value
        else:
            several = [str(one) for one in value]
            kept[name] = several[0] if len(several) == 1 else several
    return kept


def _sealed(viewer: Viewer, place: str, kept: Mapping[str, str | list[str]]) -> bytes:
    written = json.dumps(kept, ensure_ascii=False).encode("utf-8", "replace")
    if len(written) > LARGEST:
        raise TooLarge
    return seal(PURPOSE, spaced(written), bound_to(viewer.persona_id or "", place))


def _require_room(viewer: Viewer, place: str, most: int) -> None:
    others = select(func.count()).where(Draft.persona_id == viewer.persona_id, Draft.place != place)
    if (db.session.scalar(others) or 0) >= most:
        raise Conflict(_l("You have forty drafts already. Send or discard one first."))
