"""Publishing what became of referrals: months that are over and can change no more, once, for good."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from community.accounts.models import PROFESSIONS
from community.core import clock
from community.core.db import db
from community.core.disclosure import ledger
from community.core.disclosure.ledger import Release
from community.directory.figures import rating
from community.directory.figures.rating import Counted, Told
from community.directory.finding import marks
from community.directory.finding.listed import UNKNOWN
from community.directory.models import Listing
from community.directory.models.referrals import ReferralCount, ReferralRate
from community.directory.permissions.referrals import KEPT

# After this nobody can say another outcome of the last day of the last month.
CLOSED_AFTER = KEPT + timedelta(days=1)
MOST_MONTHS = 24  # older counts that were never enough are published no more
PATIENT_FOR = 12  # months; then even a table without one region to show


def due() -> Iterator[tuple[date, date, list[Told]]]:
    """First and last month and lines of what is to be published: the quarters that are over.

    One in which too few were referred for a region to be shown waits for the next and is published with it,
    so that no month is ever in two tables. Reads only; to tell what may be told takes seconds where there
    are thousands of services, in which nobody should wait for it to write.
    """
    first = _first_month()
    if first is None:
        return
    for last in list(_quarters(first, clock.today())):
        first = max(first, _earlier(last, MOST_MONTHS - 1))
        lines = _lines(first, last)
        if lines and (_tells(lines) or _months(first, last) >= PATIENT_FOR):
            yield first, last, lines
            first = _later(last, 1)


def _tells(lines: Sequence[Told]) -> bool:
    return any(one.kind == "region" and one.referred is not None for one in lines)


def publish(first: date, last: date, lines: Sequence[Told]) -> None:
    """Keep the lines of these months for good.

    :raises ValueError: a table is out that shares a month with them (``core.ledger``).
    """
    figures: dict[Hashable, int | None] = {(one.kind, one.code): one.referred for one in lines}
    refused = ledger.refusal(Release(first, last, figures), releases(), smallest=rating.SMALLEST)
    if refused:
        raise ValueError(f"the table of {first} to {last} may not be published: {refused}")
    for one in lines:
        row = ReferralRate(
            first=first,
            last=last,
            kind=one.kind,
            code=one.code,
            referred=one.referred,
            taken_in=one.taken_in,
            published_on=clock.today(),
            **one.others,
        )
        db.session.add(row)
    db.session.flush()


def releases() -> list[Release]:
    """Every table that is out, the oldest first."""
    found: dict[tuple[date, date], dict[Hashable, int | None]] = defaultdict(dict)
    for row in db.session.scalars(select(ReferralRate)):
        found[row.first, row.last][row.kind, row.code] = row.referred
    return [Release(first, last, figures) for (first, last), figures in sorted(found.items())]


def _first_month() -> date | None:
    """The first month that was counted and is not published."""
    out = db.session.scalar(select(func.max(ReferralRate.last)))
    counts = select(func.min(ReferralCount.month))
    return db.session.scalar(counts if out is None else counts.where(ReferralCount.month > out))


def _quarters(first: date, today: date) -> Iterator[date]:
    """The last months of the quarters from that of ``first`` on whose referrals can change no more."""
    last = first.replace(month=(first.month - 1) // 3 * 3 + 3)
    while _later(last, 1) + CLOSED_AFTER <= today:
        yield last
        last = _later(last, 3)


def _later(month: date, number: int) -> date:
    years, months = divmod(month.month - 1 + number, 12)
    return date(month.year + years, months + 1, 1)


def _earlier(month: date, number: int) -> date:
    return _later(month, -number)


def _months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month + 1


def _lines(first: date, last: date) -> list[Told]:
    counts: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = select(ReferralCount.service_id, ReferralCount.outcome, func.sum(ReferralCount.count)).where(
        ReferralCount.month.between(first, last)
    )
    for service_id, outcome, number in db.session.execute(
        rows.group_by(ReferralCount.service_id, ReferralCount.outcome)
    ):
        counts[service_id][outcome] = int(number)
    professions: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    rows = select(ReferralCount.profession, ReferralCount.outcome, func.sum(ReferralCount.count)).where(
        ReferralCount.month.between(first, last)
    )
    for profession, outcome, number in db.session.execute(
        rows.group_by(ReferralCount.profession, ReferralCount.outcome)
    ):
        professions[profession][outcome] = int(number)
    places = _places(list(counts))
    services = [Counted(id, *places.get(id, (UNKNOWN, "")), counts[id]) for id in sorted(counts)]
    return rating.told(services, professions, {"region": _regions(), "profession": PROFESSIONS})


def _regions() -> set[str]:
    """The regions in which some service is listed, referred to or not, and that of places not told."""
    return {*db.session.scalars(select(Listing.region).distinct()), UNKNOWN}


def _places(ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Region and need of each service that lists show; of one at several places, those of the first."""
    found: dict[str, tuple[str, str]] = {}
    for start in range(0, len(ids), 500):
        rows = select(Listing.service_id, Listing.region, Listing.marks).where(
            Listing.service_id.in_(ids[start : start + 500])
        )
        for service_id, region, number in db.session.execute(rows.order_by(Listing.place_id)):
            found.setdefault(service_id, (region, rating.need_of(marks.words(number))))
    return found
