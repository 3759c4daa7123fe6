"""What is wrong in the directory: said by anybody, suggested by members, decided by keepers.

A telephone number that a keeper puts there, and an organization that a keeper adds, are corrections too: they
wait for a second person, so that nobody alone can send people to somebody who sells.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select, true, update

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.publish import AN_ADDRESS, Text, before_publish
from community.directory.mending.spots import FIELDS, NEW, Mended, mended_from
from community.directory.models import Correction, Document, Keeper
from community.directory.permissions import (
    decides_alone,
    may_decide,
    may_keep_directory,
    may_keep_organization,
    may_suggest,
)
from community.directory.queries.graph import parents_of
from community.directory.services import mending, organizations
from community.directory.services.own_places import require_own
from community.directory.signals import persona_told
from community.directory.withholding import FLAG

KEPT_DAYS = 180
KEPT_RULE = (
    "a correction",
    f"{KEPT_DAYS} days after it was decided",
    "directory_correction",
    "directory.tidy",
)
# What anybody can say, and for the first three what they can propose, without an account.
WHAT = ("phone", "hours", "address", "web", "closed", "other")
WHAT_OF_ORGANIZATION = ("phone", "web", "other")
BECAUSE = ("right", "unsure", "elsewhere", "unsuited")
MOST_WAITING = 40  # of one service or organization, of people without an account: more is noise
_GUARDED = frozenset({"title", "text", "line", "short", "street", "town"})
# What the history says of values that were accepted: whose hand they came from.
_BY = {"correction": "correction", "second": "keeper", "import": "import"}
SHOWN = "shown"  # that a withheld address is shown again
ALREADY = _l("Somebody else decided about this correction a moment ago. Nothing of yours was changed.")
_MOVED = _l("Another organization gives this service by now: whoever keeps its records decides.")
_ELSEWHERE = _l("What this is about lies somewhere else by now. Do not accept it; nothing was changed.")
_NOTHING = _l("Tick at least one of the values, or refuse the correction.")


def say_wrong(organization_id: str, service_id: str, what: str) -> None:
    """Somebody says that this is wrong, and no more; said again, it is counted.

    :param service_id: "" for what the organization says of itself.
    """
    _hold(service_id or organization_id)
    about = Correction.organization_id == organization_id if not service_id else true()
    same = select(Correction).where(
        about,
        Correction.service_id == service_id,
        Correction.state == "waiting",
        Correction.what == what,
        Correction.said == "[]",
    )
    row = db.session.scalars(same.limit(1).with_for_update()).first()
    if row is not None:
        row.times += 1
        return
    _add(organization_id, service_id, what, [], None)


def suggest(
    viewer: Viewer, organization_id: str, service_id: str, what: str, some: Sequence[Mended]
) -> Correction | None:
    """Suggest other values. Of somebody without an account nothing is kept of who; None: too many wait.

    :raises Invalid: a text holds what may not be published.
    """
    guard(viewer, some)
    if not may_suggest(viewer) and _waiting(organization_id, service_id) >= MOST_WAITING:
        return None
    by = viewer.persona_id if may_suggest(viewer) else None
    row = _add(organization_id, service_id, what, some, by)
    _tell_keepers(row)
    return row


def second(
    viewer: Viewer, organization_id: str, service_id: str, some: Sequence[Mended], what: str = "phone"
) -> Correction:
    """A change by a keeper that shows once a second person agreed."""
    row = _add(organization_id, service_id, what, some, viewer.persona_id, origin="second")
    _tell_keepers(row)
    return row


def offer(organization_id: str, service_id: str, what: str, some: Sequence[Mended]) -> None:
    """Have those who keep the records decide about values of a file that somebody here had changed.

    One correction of a service and kind waits at a time; a later file says what it says now.
    """
    same = select(Correction).where(
        Correction.origin == "import",
        Correction.state == "waiting",
        Correction.organization_id == organization_id,
        Correction.service_id == service_id,
        Correction.what == what,
    )
    row = db.session.scalars(same.limit(1).with_for_update()).first()
    if row is None:
        _tell_keepers(_add(organization_id, service_id, what, some, None, origin="import"))
        return
    merged = {one.key: one for one in (*values_of(row), *some)}
    row.said = json.dumps([one.as_values() for one in merged.values()], ensure_ascii=False)


def ask_to_show(viewer: Viewer, organization_id: str, service_id: str, location_id: str) -> None:
    """Ask that the address of a place be shown again: a second person must agree, whoever asks.

    Asked twice, it waits once.
    """
    require(may_keep_organization(viewer, organization_id))
    some = [Mended("location", location_id, FLAG, "", "true", "")]
    require_own(viewer, [Mended("location", location_id, "name", "", "", "")])
    _hold(service_id)
    if location_id in places_to_show(service_id):
        return
    _tell_keepers(_add(organization_id, service_id, SHOWN, some, viewer.persona_id, origin="second"))
    audit.record(viewer.persona_id or "", "directory.address_asked_for", service_id)


def _hold(id: str) -> None:
    """Have nobody else look for what waits of this service, or organization, until this transaction ends."""
    own = select(Document.id).where(Document.kind.in_(("service", "organization")), Document.id == id)
    db.session.execute(own.with_for_update())


def places_to_show(service_id: str) -> set[str]:
    """The places of a service of which somebody asked that the address be shown again."""
    rows = select(Correction).where(
        Correction.service_id == service_id, Correction.state == "waiting", Correction.what == SHOWN
    )
    return {one.id for row in db.session.scalars(rows) for one in values_of(row)}


def propose_organization(viewer: Viewer, facts: dict[str, Any]) -> Correction:
    """An organization that a keeper adds; a coordinator agrees to it."""
    row = _add("", "", "new", [], viewer.persona_id, origin="second")
    row.said = json.dumps([facts], ensure_ascii=False)
    return row


def guard_organization(viewer: Viewer, facts: dict[str, str]) -> None:
    """The same for an organization that is added."""
    before_publish(
        *(
            Text("directory", name, words, name[-2:], viewer.persona_id)
            for name, words in facts.items()
            if name.endswith(("_en", "_fr"))
        )
    )


def guard(viewer: Viewer, some: Sequence[Mended]) -> None:
    """Have what people typed looked at before it is kept. :raises Invalid: it may not be published."""
    texts = [
        Text(
            "directory",
            one.key,
            one.after,
            one.part or viewer.lang,
            viewer.persona_id,
            before=one.before,
            asked_for=AN_ADDRESS if FIELDS[one.kind][one.name] == "street" else frozenset(),
        )
        for one in some
        if one.after and one.name != "hours" and FIELDS[one.kind][one.name] in _GUARDED
    ]
    before_publish(*texts)


def _add(
    organization_id: str,
    service_id: str,
    what: str,
    some: Sequence[Mended],
    by: str | None,
    origin: str = "correction",
) -> Correction:
    row = Correction(
        organization_id=organization_id,
        service_id=service_id,
        origin=origin,
        what=what,
        said=json.dumps([one.as_values() for one in some], ensure_ascii=False),
        suggested_by=by,
        suggested_on=clock.today(),
    )
    db.session.add(row)
    db.session.flush()
    return row


def _waiting(organization_id: str, service_id: str) -> int:
    rows = select(Correction.key).where(Correction.service_id == service_id, Correction.state == "waiting")
    if not service_id:
        rows = rows.where(Correction.organization_id == organization_id)
    return len(db.session.scalars(rows.limit(MOST_WAITING)).all())


def values_of(row: Correction) -> list[Mended]:
    """What a correction proposes, value by value; nothing for a proposed organization."""
    return [] if row.what == "new" else [mended_from(one) for one in json.loads(row.said)]


def accept(viewer: Viewer, row: Correction, places: Collection[int]) -> bool:
    """Take some of the proposed values over, those at these places; of a remark, say that it was seen to.

    Returns False when a telephone number, or an address to be shown, waits for a second person now.

    :raises Conflict: somebody else decided meanwhile.
    :raises Invalid: values were proposed, and none was taken.
    """
    require(may_decide(viewer, row))
    said = values_of(row)
    taken = [one for place, one in enumerate(said) if place in places]
    if said and not taken:
        raise Invalid("taken", _NOTHING)
    _require_theirs(viewer, row, taken)
    if _needs_another(viewer, row, taken):
        _wait_for_second(viewer, row, taken)
        return False
    _decide(row, "accepted", taken=sorted(places) if said else [])
    if row.what == "new":
        require(may_keep_directory(viewer))
        organizations.create(json.loads(row.said)[0], _source(viewer))
    elif taken:
        mending.put(taken, _BY[row.origin])
        mending.show_at_once([_root(row)])
    audit.record(viewer.persona_id or "", "directory.correction_accepted", row.key)
    _tell_of_it(row, "accepted" if len(taken) == len(said) else "partly")
    return True


def _require_theirs(viewer: Viewer, row: Correction, taken: Sequence[Mended]) -> None:
    """What is accepted is the viewer's to change today, as if they had typed it themselves.

    :raises NotAllowed: others give services at the place, or the service is another organization's by now.
    :raises Conflict: a record lies somewhere else by now.
    """
    require_own(viewer, taken)
    if row.service_id:
        gives = select(Document.organization_id).where(
            Document.kind == "service", Document.id == row.service_id
        )
        require(may_keep_organization(viewer, db.session.scalar(gives) or ""), _MOVED)
    for one in taken:
        key = (one.kind, one.id)
        if one.id != NEW and not one.file and _root(row) not in parents_of({key}):
            raise Conflict(_ELSEWHERE)


def _needs_another(viewer: Viewer, row: Correction, taken: Sequence[Mended]) -> bool:
    """Whether a keeper who is not the viewer must agree, too: none has, or who did has left, and may be the
    viewer under another name."""
    if row.origin == "second" and row.suggested_by is not None:
        return False
    return row.what == SHOWN or (not decides_alone(viewer) and any(one.calls for one in taken))


def _wait_for_second(viewer: Viewer, row: Correction, taken: Sequence[Mended]) -> None:
    """Whoever suggested it may be the keeper who agrees to it: another one must, too."""
    _decide(row, "accepted", taken=list(range(len(taken))))
    _tell_of_it(row, "accepted")
    second(viewer, row.organization_id, row.service_id, taken, SHOWN if row.what == SHOWN else "phone")
    audit.record(viewer.persona_id or "", "directory.correction_seconded", row.key)


def refuse(viewer: Viewer, row: Correction, because: str) -> None:
    """Leave everything as it is, for a reason of the list. :raises Conflict: somebody else decided."""
    require(may_decide(viewer, row))
    if because not in BECAUSE:
        raise Invalid("because", _l("Choose a reason."))
    _decide(row, "refused", because=because)
    audit.record(viewer.persona_id or "", "directory.correction_refused", row.key, because=because)
    _tell_of_it(row, "refused")


def _decide(row: Correction, state: str, *, because: str = "", taken: Sequence[int] = ()) -> None:
    waiting = update(Correction).where(Correction.key == row.key, Correction.state == "waiting")
    done: Any = db.session.execute(
        waiting.values(
            state=state, because=because, taken=json.dumps(list(taken)), decided_on=clock.today()
        ).execution_options(synchronize_session=False)
    )
    if not done.rowcount:
        raise Conflict(ALREADY)
    db.session.refresh(row)


def _source(viewer: Viewer) -> str:
    return "coordinator" if may_keep_directory(viewer) else "keeper"


def _root(row: Correction) -> tuple[str, str]:
    return ("service", row.service_id) if row.service_id else ("organization", row.organization_id)


def _tell_keepers(row: Correction) -> None:
    rows = select(Keeper.persona_id).where(Keeper.organization_id == row.organization_id)
    told = sorted(set(db.session.scalars(rows)) - {row.suggested_by})
    if told:
        _tell(told, row, "second" if row.origin == "second" else "waits", "waits")


def _tell_of_it(row: Correction, what: str) -> None:
    if row.suggested_by:
        _tell([row.suggested_by], row, what, "decided")


def _tell(persona_ids: list[str], row: Correction, what: str, when: str) -> None:
    about, event = f"directory/corrections/{row.key}", f"correction:{row.key}:{when}"
    announce(persona_told, persona_ids=persona_ids, what=what, about=about, event=event)


def tidy() -> None:
    """Forget what was decided long ago."""
    old = Correction.decided_on < clock.today() - timedelta(days=KEPT_DAYS)
    db.session.execute(delete(Correction).where(Correction.state != "waiting", old))
