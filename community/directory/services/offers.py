"""What a file says otherwise than people here do, offered to those who keep the records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import select, tuple_

from community.core.db import db
from community.core.errors import Invalid
from community.directory.mending.merging import Clash
from community.directory.mending.spot_values import checked
from community.directory.mending.spots import FIELDS, IN_TWO_LANGUAGES, NEW, Mended, in_words, plain
from community.directory.models import Document, Link
from community.directory.opening import weekly
from community.directory.queries.graph import Graph, Key
from community.directory.services import corrections, sparing
from community.directory.services.history import LONGEST_VALUE
from community.directory.services.stored import below, data_of
from community.directory.withholding import FLAG

_ROOTS = ("service", "organization")
_WHAT = {"phone": "phone", "location": "address", "address": "address"}
_OF_PLACES = frozenset({"location", "address"})
_HIGHEST = 6  # records that one lies in, one in another


def make(clashes: Sequence[Clash]) -> None:
    """Put what both changed into the queue of those who keep the records, in the open transaction.

    What only the file can say (a place, a text too long for any form) stands in the report alone, and so
    does an address that is withheld.
    """
    by_root: dict[Key, list[Mended]] = {}
    once = {(one.kind, one.id, one.name, one.part, in_words(one.theirs)): one for one in clashes}
    for clash in once.values():
        root = _root((clash.kind, clash.id))
        if root is not None:
            by_root.setdefault(root, []).extend(_offered(clash))
    for root, some in by_root.items():
        _offer(root, _shown(root, list({one.key: one for one in some}.values())))


def _offer(root: Key, some: Iterable[Mended]) -> None:
    kinds: dict[str, list[Mended]] = {}
    for one in some:
        what = "hours" if one.name == "hours" else _WHAT.get(one.kind, "fields")
        kinds.setdefault(what, []).append(one)
    organization_id = _organization(root) if kinds else ""
    for what, of_kind in kinds.items():
        corrections.offer(organization_id, root[1] if root[0] == "service" else "", what, of_kind)


def _root(key: Key) -> Key | None:
    """The service, else the organization, that a record lies in next."""
    wanted = {key}
    for _ in range(_HIGHEST):
        for kind in _ROOTS:
            if found := sorted(one for one in wanted if one[0] == kind):
                return found[0]
        child = tuple_(Link.child_kind, Link.child_id)
        rows = select(Link.parent_kind, Link.parent_id).where(child.in_(sorted(wanted)))
        wanted = {(kind, id) for kind, id in db.session.execute(rows)}
        if not wanted:
            break
    return None


def _organization(root: Key) -> str:
    if root[0] == "organization":
        return root[1]
    rows = select(Document.organization_id).where(Document.kind == "service", Document.id == root[1])
    return db.session.scalar(rows) or ""


def _offered(clash: Clash) -> list[Mended]:
    """The values that somebody could put there instead; none where only the file can say them."""
    holder = (clash.kind, clash.id)
    if clash.name == "schedules":
        return _week(holder)
    if clash.name == "phones":
        return _phone(holder, str(clash.theirs).partition(" ")[2])
    form = FIELDS.get(clash.kind, {}).get(clash.name)
    if form is None:
        return _as_the_file_says(clash)
    if (form in IN_TWO_LANGUAGES) != bool(clash.part):
        return []
    typed = _typed(form, plain(clash.theirs))
    if typed is None:
        return [] if clash.part else _as_the_file_says(clash)
    ours = plain(clash.ours)
    return [Mended(clash.kind, clash.id, clash.name, clash.part, ours, typed)] if typed != ours else []


def _as_the_file_says(clash: Clash) -> list[Mended]:
    """A value that no form asks for: ours or the file's, nothing else. What tells of places stays out."""
    ours, theirs = in_words(clash.ours), in_words(clash.theirs)
    if clash.kind in _OF_PLACES or clash.name == FLAG or max(len(ours), len(theirs)) > LONGEST_VALUE:
        return []
    return [Mended(clash.kind, clash.id, clash.name, clash.part, ours, theirs, file=True)]


def _typed(form: str, words: str) -> str | None:
    """What a file says, as somebody could have typed it; None when nobody may put that there."""
    try:
        return checked("value", form, words)
    except Invalid:
        return None


def _week(holder: Key) -> list[Mended]:
    """The days on which the hours of the file are others than those here."""
    put = sparing.put_on(holder, "schedules")
    tied = below(holder, "schedules")
    theirs = [*(id for id in tied if id not in put), *sparing.taken_off(holder, "schedules")]
    data = data_of(("schedule", id) for id in {*tied, *theirs})
    here, there = (
        weekly.of_schedules(data[("schedule", id)] for id in ids if ("schedule", id) in data)
        for ids in (tied, theirs)
    )
    return [
        Mended(*holder, "hours", day, here.get(day, ""), there.get(day, ""))
        for day in weekly.DAYS
        if here.get(day, "") != there.get(day, "") and weekly.typed(there.get(day, "")) is not None
    ]


def _phone(holder: Key, id: str) -> list[Mended]:
    """A telephone that somebody took off, with the number that the file has for it now."""
    number = plain(data_of([("phone", id)]).get(("phone", id), {}).get("number"))
    typed = _typed("phone", number)
    return [Mended("phone", NEW, "number", "", "", typed, holder)] if typed else []


def _shown(root: Key, some: Sequence[Mended]) -> list[Mended]:
    """Those that may be told: not the address of a place that is withheld, nor what repeats it."""
    graph = Graph()
    graph.load([root])
    if not graph.holds_withheld():
        return list(some)
    graph.draw_curtain()
    hidden = graph.curtain.locations | graph.curtain.addresses
    return [
        one
        for one in some
        if one.id not in hidden and not graph.curtain.cuts(one.before) and not graph.curtain.cuts(one.after)
    ]
