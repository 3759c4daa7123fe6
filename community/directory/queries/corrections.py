"""What waits to be decided, and one correction with what stands in its place now."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.core.disclosure import may_show
from community.core.paging import Page, page_by_key
from community.directory.hsds.profile import Text
from community.directory.mending import spots
from community.directory.mending.spots import Mended, mended_from
from community.directory.models import REPORTS, Correction, ReportCount
from community.directory.permissions import corrections_kept_by, corrections_seen_by
from community.directory.queries import documents
from community.directory.queries.names import names
from community.directory.withholding import FLAG

SIZE = 25
MOST_WORDS = 400  # compared word by word; longer texts are shown one after the other
_Names = dict[str, dict[str, Text]]


@dataclass(frozen=True)
class Piece:
    """Some words that stayed, went or came."""

    kind: str  # same, gone, come
    words: str


@dataclass(frozen=True)
class Difference:
    """One proposed value: before, after, and what stands there now."""

    place: int
    mended: Mended
    pieces: list[Piece]
    now: str
    moved: bool  # it was changed since this was suggested


@dataclass(frozen=True)
class Line:
    """A correction in the queue."""

    correction: Correction
    name: dict[str, Text] | None
    values: int


def queue(viewer: Viewer, cursor: str | None) -> Page[Line]:
    """What waits for the viewer, the oldest day first."""
    rows = corrections_kept_by(viewer).where(Correction.state == "waiting")
    page = page_by_key(rows, [(Correction.suggested_on, "asc"), (Correction.key, "asc")], cursor, SIZE)
    services = names(viewer, "service", [row.service_id for row in page.items if row.service_id])
    owners = names(viewer, "organization", [row.organization_id for row in page.items if not row.service_id])
    lines = [
        Line(row, services.get(row.service_id) or owners.get(row.organization_id), len(json.loads(row.said)))
        for row in page.items
    ]
    return Page(lines, page.next_cursor, page.first)


def how_many_wait(viewer: Viewer) -> int:
    """How many corrections wait for the viewer, one's own not counted."""
    rows = corrections_kept_by(viewer).where(
        Correction.state == "waiting", Correction.suggested_by.is_distinct_from(viewer.persona_id)
    )
    return int(db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0)


def correction_seen(viewer: Viewer, key: str) -> Correction:
    """One correction. :raises NotFound: it is not the viewer's to see."""
    return one_or_404(corrections_seen_by(viewer), Correction.key == key)


def name_of(viewer: Viewer, row: Correction) -> dict[str, Text] | None:
    """The name of what a correction is about."""
    if row.service_id:
        return names(viewer, "service", [row.service_id]).get(row.service_id)
    return names(viewer, "organization", [row.organization_id]).get(row.organization_id)


def differences(viewer: Viewer, row: Correction) -> list[Difference]:
    """What a correction would change, value by value."""
    said = [] if row.what == "new" else [mended_from(one) for one in json.loads(row.said)]
    now = {one.key: one.value for one in _spots(viewer, row)} if said else {}
    # An address that is withheld by now is shown to nobody, also not as what stood there.
    shown = [(place, one) for place, one in enumerate(said) if one.kind != "address" or one.key in now]
    return [_difference(place, one, now.get(one.key, "")) for place, one in shown]


def taken(row: Correction) -> list[int]:
    """The places of the values that were accepted."""
    return [int(place) for place in json.loads(row.taken)]


def proposed(row: Correction) -> dict[str, str]:
    """What is said of an organization that somebody adds."""
    return dict(json.loads(row.said)[0]) if row.what == "new" and row.said != "[]" else {}


def _spots(viewer: Viewer, row: Correction) -> Sequence[spots.Spot]:
    if row.service_id:
        found = documents.service(viewer, row.service_id)
        organization = documents.organization(viewer, row.organization_id) if row.organization_id else None
        own = spots.of_service(found) if found else []
        return [*own, *(spots.of_organization(organization) if organization else [])]
    found = documents.organization(viewer, row.organization_id)
    return spots.of_organization(found) if found else []


def _difference(place: int, one: Mended, now: str) -> Difference:
    if one.file:  # in no spot of a page
        both = [Piece("gone", one.before), Piece("come", one.after)]
        return Difference(place, one, [piece for piece in both if piece.words], one.before, False)
    # Until it is decided, what stands there now is what would be changed.
    moved = now not in {one.before, one.after} and one.id != spots.NEW and one.name != FLAG
    return Difference(place, one, pieces(now if moved else one.before, one.after), now, moved)


def pieces(before: str, after: str) -> list[Piece]:
    """What stays, goes and comes between two texts, word by word."""
    old, new = (re.findall(r"\S+\s*", text) for text in (before, after))
    if len(old) > MOST_WORDS or len(new) > MOST_WORDS:
        return [Piece("gone", before), Piece("come", after)]
    found = []
    for act, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if act == "equal":
            found.append(Piece("same", "".join(old[a:b])))
            continue
        found += [Piece("gone", "".join(old[a:b]))] if b > a else []
        found += [Piece("come", "".join(new[c:d]))] if d > c else []
    return found


@dataclass(frozen=True)
class Reported:
    """What was reported of a service in a quarter that is over; None where it is too few to be told."""

    year: int
    quarter: int
    counts: dict[str, int | None]


def reported(service_id: str) -> list[Reported]:
    """Reports of the last four quarters that are over, each by itself: no two figures share a month, no total
    is told, so that nothing can be subtracted."""
    end = quarter_of(clock.today())
    start = end.replace(year=end.year - 1)
    rows = select(ReportCount.month, ReportCount.what, ReportCount.count).where(
        ReportCount.service_id == service_id, ReportCount.month >= start, ReportCount.month < end
    )
    found: dict[tuple[int, int], dict[str, int]] = {}
    for month, what, count in db.session.execute(rows):
        of_quarter = found.setdefault((month.year, (month.month + 2) // 3), {})
        of_quarter[what] = of_quarter.get(what, 0) + count
    made = [
        Reported(*quarter, {what: _shown(counts.get(what, 0)) for what in REPORTS})
        for quarter, counts in sorted(found.items(), reverse=True)
    ]
    return [one for one in made if any(count is not None for count in one.counts.values())]


def quarter_of(day: date) -> date:
    """The first day of the quarter that is not over."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _shown(count: int) -> int | None:
    # People who look for help are counted: the threshold of lived experience holds.
    return count if may_show(count, lived=True) else None
