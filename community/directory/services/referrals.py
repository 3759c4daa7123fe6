"""Saying that one referred somebody, and what became of it. Never who: no field of it can hold that."""

from __future__ import annotations

from datetime import timedelta

from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, delete, func, or_, select

from community.accounts.models import PROFESSIONAL_GROUPS, PROFESSIONS
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404, require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid, TooOften
from community.directory.models import Document
from community.directory.models.referrals import OUTCOMES, Referral
from community.directory.permissions import documents_seen_by
from community.directory.permissions.referrals import KEPT, may_refer, may_take_back, referrals_seen_by
from community.directory.services import referral_counts
from community.directory.signals import persona_told

MOST_A_DAY = 30
ASKED_AFTER = (timedelta(days=14), timedelta(days=45))
AT_ONCE = 500  # names asked in one transaction
KEPT_RULE = (
    "who referred to a service, on which day",
    f"{KEPT.days} days",
    "referral",
    "directory.let_go_of_referrals",
)


def refer(viewer: Viewer, service_id: str) -> Referral:
    """Count that this name referred somebody to a service that it sees, and put it on its own list.

    :raises NotFound: no such service for this viewer.
    :raises TooOften: so many in a day are no work of one person.
    """
    asked = documents_seen_by(viewer).with_only_columns(Document.id)
    one_or_404(asked, Document.kind == "service", Document.id == service_id)
    require(may_refer(viewer), _l("Only professionals say that they referred somebody."))
    _not_too_many(viewer)
    row = Referral(
        persona_id=viewer.persona_id or "",
        service_id=service_id,
        made_on=clock.today(),
        outcome="unknown",
        profession=_profession(viewer),
    )
    db.session.add(row)
    referral_counts.add(row)
    return row


def _not_too_many(viewer: Viewer) -> None:
    today = referrals_seen_by(viewer).where(Referral.made_on == clock.today())
    if (db.session.scalar(select(func.count()).select_from(today.subquery())) or 0) >= MOST_A_DAY:
        raise TooOften(
            _l("That is more referrals than one person makes in a day. Go on tomorrow."), after=3600
        )


def _profession(viewer: Viewer) -> str:
    """The profession of a verified title, else the first that the name says it has."""
    if viewer.profession:
        return viewer.profession
    said = viewer.groups & PROFESSIONAL_GROUPS
    return next((code for code in PROFESSIONS if code in said), "learner")


def tell(viewer: Viewer, key: str, outcome: str) -> Referral:
    """Say what became of a referral: one unit moves from one count to another.

    :raises NotFound: it is not on the viewer's list, or no longer.
    :raises Invalid: no such outcome.
    """
    row = _own(viewer, key)
    if outcome not in OUTCOMES:
        raise Invalid("outcome", _l("Choose what became of it from the list."))
    if outcome != row.outcome:
        referral_counts.take(row)
        row.outcome = outcome
        referral_counts.add(row)
    return row


def take_back(viewer: Viewer, key: str) -> None:
    """Undo a click of today or yesterday: neither the list nor the count has it any more.

    :raises NotAllowed: it is older.
    """
    row = _own(viewer, key)
    require(may_take_back(viewer, row), _l("A referral is taken back within a day. Say what became of it."))
    referral_counts.take(row)
    db.session.delete(row)


def _own(viewer: Viewer, key: str) -> Referral:
    return one_or_404(referrals_seen_by(viewer).with_for_update(), Referral.key == key)


def remind() -> int:
    """Ask those of whose referrals nothing was said after a fortnight, and again after 45 days: once a day
    a name, and not of what. Returns how many referrals were looked at."""
    rows = db.session.scalars(
        select(Referral).where(_due()).order_by(Referral.persona_id).limit(AT_ONCE).with_for_update()
    ).all()
    for row in rows:
        row.asked = 1 if row.made_on > clock.today() - ASKED_AFTER[1] else 2
    for persona_id in sorted({row.persona_id for row in rows}):
        announce(
            persona_told,
            persona_ids=[persona_id],
            what="outcome",
            about="directory/referrals",
            event=f"outcome:{clock.today().isoformat()}",
        )
    return len(rows)


def _due() -> ColumnElement[bool]:
    first, second = (clock.today() - after for after in ASKED_AFTER)
    return or_(
        and_(Referral.asked == 0, Referral.outcome == "unknown", Referral.made_on <= first),
        and_(Referral.asked < 2, Referral.outcome.in_(("unknown", "waiting")), Referral.made_on <= second),
    )


def let_go() -> int:
    """Drop from every list what is older than ninety days; the counts stay. Returns how many."""
    done = db.session.execute(delete(Referral).where(Referral.made_on < clock.today() - KEPT))
    return int(getattr(done, "rowcount", 0))


def leave(persona_id: str, _keep: bool) -> None:
    """Who leaves takes the list along; the counts are nobody's, and stay."""
    db.session.execute(delete(Referral).where(Referral.persona_id == persona_id))
