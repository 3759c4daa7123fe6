"""Writing down what organizations arranged: by whoever keeps one of them, in force once the others agreed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import date, timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Conflict
from community.directory import arrangements as arranged
from community.directory.arrangements import SECOND, SIDES, Terms
from community.directory.models.arrangements import (
    Arrangement,
    ArrangementChange,
    ArrangementRegion,
    ArrangementService,
)
from community.directory.permissions import keeps, may_keep_directory
from community.directory.permissions.arrangements import (
    may_change,
    may_refuse,
    names_others,
    sides_to_agree,
)
from community.directory.queries.arrangements import is_due
from community.directory.services import arrangement_news as news
from community.directory.services.arrangement_terms import checked
from community.directory.services.days_ahead import LATEST
from community.directory.services.left_proposals import proposer_left

SOONEST = timedelta(days=30)  # until it is looked at again
AT_ONCE = 200
NOT_YOURS = _l("Only those who keep the records of an organization that takes part write here.")
CHANGED = _l("Other terms were written since you opened this page. Read them, then decide.")
OTHERS = _l("What is proposed names another organization, which nobody asked. Lay it aside.")
WAITS_ALREADY = _l("A change waits already. Agree to it or lay it aside first.")


def arrange(viewer: Viewer, kind: str, terms: Terms) -> Arrangement:
    """Write an arrangement down. It is a draft until those agreed who did not write it.

    :raises NotAllowed: the viewer keeps neither side. :raises Invalid: a field cannot be kept.
    """
    require(_keeps_a_side(viewer, terms), NOT_YOURS)
    terms = checked(viewer, kind, terms, None)
    row = Arrangement(kind=kind, version=0, organization_id="", confirmed_on=clock.today(), terms={})
    _put(row, terms)
    db.session.add(row)
    row.waits_for = _missing(viewer, row)
    row.state = "draft" if row.waits_for else "in_force"
    row.proposed_by = _author(viewer) if row.waits_for else None
    _note(viewer, row, "arranged")
    news.ask(viewer, row)
    return row


def change(viewer: Viewer, row: Arrangement, version: int, terms: Terms) -> str:
    """Write other terms. What others must agree to waits for them, and the terms of before hold until then.

    :param version: that of the row that the form was made from.
    :returns: ``changed``, ``proposed``, or "" when nothing differs.
    :raises Conflict: somebody was faster, or a change waits already.
    """
    require(may_change(viewer, row), NOT_YOURS)
    _lock(row)
    if row.version != version:
        raise Conflict()
    if row.state == "in_force" and row.waits_for:
        raise Conflict(WAITS_ALREADY)
    before = arranged.from_values(row.terms)
    after = checked(viewer, row.kind, terms, before)
    names = arranged.changed(before, after)
    if not names:
        return ""
    asks = arranged.needs_others(row.kind, names) or arranged.leads_elsewhere(before, after)
    missing = _missing(viewer, row) if asks else ""
    if row.state == "in_force" and missing:
        row.proposed, row.waits_for, row.proposed_by = arranged.as_values(after), missing, _author(viewer)
        _note(viewer, row, "proposed", before=row.terms, after=row.proposed)
        news.ask(viewer, row)
        return "proposed"
    _put(row, after)
    if row.state == "draft" and missing:
        row.waits_for, row.proposed_by = missing, _author(viewer)
    _note(viewer, row, "changed", before=arranged.as_values(before), after=row.terms)
    return "changed"


def mark(row: Arrangement) -> str:
    """A word for the terms that hold and those that are proposed: nobody agrees to what they did not read."""
    said = json.dumps([row.terms, row.proposed], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def _as_read(row: Arrangement, seen: str) -> None:
    """:raises Conflict: other terms were written since the page that somebody acts on."""
    if seen != mark(row):
        raise Conflict(CHANGED)


def agree(viewer: Viewer, row: Arrangement, side: str, seen: str) -> str:
    """Give the word of a side. Once none is missing, it is in force. Twice is harmless.

    :param seen: the mark of what the viewer read.
    :returns: ``agreed``, or ``proposed`` where it is the viewer's proposal by now, as who made it left.
    :raises Conflict: it says something else by now, or names who was not asked.
    """
    require(may_change(viewer, row), NOT_YOURS)
    _lock(row)
    if side not in row.waits_for.split():
        return "agreed"
    _as_read(row, seen)
    if names_others(row):
        raise Conflict(OTHERS)
    require(side in sides_to_agree(viewer, row), _l("Somebody else must agree to what you proposed."))
    if not may_keep_directory(viewer) and proposer_left(row):
        _propose_again(viewer, row, side)
        return "proposed"
    row.waits_for = " ".join(one for one in row.waits_for.split() if one != side)
    before = row.terms
    settled = not row.waits_for
    if settled:
        _settle(row)
    _note(viewer, row, "agreed", before=before if before != row.terms else None, after=row.terms)
    if settled:
        news.tell_sides(viewer, row, "in_force")
    return "agreed"


def _propose_again(viewer: Viewer, row: Arrangement, side: str) -> None:
    """Have it be the proposal of whoever agrees first: another person, who may be known again, must agree."""
    row.proposed_by = viewer.persona_id
    row.waits_for = " ".join(one for one in row.waits_for.split() if one != side) or SECOND
    _note(viewer, row, "proposed", before=row.terms, after=row.proposed or row.terms)
    news.ask(viewer, row)


def _author(viewer: Viewer) -> str | None:
    """The name that wrote; operators have none."""
    return None if viewer.kind == "operator" else viewer.persona_id


def _settle(row: Arrangement) -> None:
    if row.proposed is not None:
        _put(row, arranged.from_values(row.proposed))
    row.proposed = row.proposed_by = None
    row.state, row.confirmed_on, row.reminded_on = "in_force", clock.today(), None


def refuse(viewer: Viewer, row: Arrangement, seen: str) -> None:
    """Lay aside what is proposed; a draft that nobody agreed to ends, and stays its parties' own.

    :raises Conflict: something else is proposed by now.
    """
    require(may_refuse(viewer, row), NOT_YOURS)
    _lock(row)
    _as_read(row, seen)
    after = row.proposed
    row.proposed = row.proposed_by = None
    if row.state == "draft":
        row.state = "ended"  # whose word was missing stays: so it is known that it never held
    else:
        row.waits_for = ""
    _note(viewer, row, "refused", after=after)
    news.tell_sides(viewer, row, "laid_aside")


def confirm(viewer: Viewer, row: Arrangement, seen: str) -> None:
    """Say that all of it is still right: it is looked at again after as long as before.

    :raises Conflict: other terms hold by now.
    """
    require(may_change(viewer, row) and row.state == "in_force", NOT_YOURS)
    _lock(row)
    _as_read(row, seen)
    again = clock.today() + max(SOONEST, min(LATEST, row.review_on - row.confirmed_on))
    row.terms = arranged.as_values(replace(arranged.from_values(row.terms), review_on=again))
    row.confirmed_on, row.review_on, row.reminded_on = clock.today(), again, None
    _note(viewer, row, "confirmed")


def end(viewer: Viewer, row: Arrangement) -> None:
    """End it: its page stays and says so, and nothing leads there any more. Twice is harmless.

    Of a draft it stays known whose word was missing: it never held, and is its parties' own.
    """
    if row.state == "ended":
        return
    require(may_change(viewer, row), NOT_YOURS)
    _lock(row)
    row.waits_for = row.waits_for if row.state == "draft" else ""
    row.state, row.proposed, row.proposed_by = "ended", None, None
    _note(viewer, row, "ended")
    news.tell_sides(viewer, row, "ended")


def remind(today: date) -> int:
    """Tell those who keep what was to be looked at again or lapsed, once for each day it was due.

    Returns how many.
    """
    rows = select(Arrangement).where(
        Arrangement.state == "in_force", is_due(today), Arrangement.reminded_on.is_(None)
    )
    found = db.session.scalars(rows.order_by(Arrangement.id).limit(AT_ONCE)).all()
    for row in found:
        row.reminded_on = today
        news.tell_of_review(row)
    db.session.flush()
    return len(found)


# Who must agree.


def _keeps_a_side(viewer: Viewer, terms: Terms) -> bool:
    sides = {terms.organization_id, terms.from_organization_id} - {""}
    return may_keep_directory(viewer) or bool(sides & keeps(viewer))


def _missing(viewer: Viewer, row: Arrangement) -> str:
    """Whose word is missing when this viewer wrote it."""
    coordinates = may_keep_directory(viewer)
    if row.kind != "corridor":
        return "" if coordinates else SECOND
    if coordinates:
        return " ".join(SIDES)
    kept = keeps(viewer)
    of = {"from": row.from_organization_id, "to": row.organization_id}
    return " ".join(side for side in SIDES if of[side] not in kept) or SECOND


# The row, its lines beside, and its history.


def _lock(row: Arrangement) -> None:
    db.session.refresh(row, with_for_update=True)


def _put(row: Arrangement, terms: Terms) -> None:
    row.terms = arranged.as_values(terms)
    row.organization_id, row.service_id = terms.organization_id, terms.service_id or None
    row.from_organization_id = terms.from_organization_id or None
    row.from_service_id = terms.from_service_id or None
    row.public, row.starts_on, row.signed_until = terms.public, terms.starts_on, terms.signed_until
    row.review_on = terms.review_on or clock.today() + timedelta(days=365)
    row.reminded_on = None
    known = {one.region: one for one in row.regions}
    row.regions = [known.get(code) or ArrangementRegion(region=code) for code in terms.regions]
    named = sorted({*terms.services, *filter(None, (terms.service_id,))})
    linked = {one.service_id: one for one in row.services}
    row.services = [linked.get(id) or ArrangementService(service_id=id) for id in named]


def _note(
    viewer: Viewer,
    row: Arrangement,
    act: str,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    row.version += 1
    db.session.flush()
    of_row = ArrangementChange.arrangement_id == row.id
    last = db.session.scalar(select(func.max(ArrangementChange.number)).where(of_row)) or 0
    writer = "operator" if viewer.kind == "operator" else "coordinator" if viewer.coordinator else "keeper"
    db.session.add(
        ArrangementChange(
            arrangement_id=row.id,
            number=last + 1,
            done_on=clock.today(),
            writer=writer,
            act=act,
            before=before,
            after=after if after is not None else row.terms if act == "arranged" else None,
        )
    )
    audit.record(viewer.persona_id or "operator", f"directory.{row.kind}_{act}", row.key)
    db.session.flush()
