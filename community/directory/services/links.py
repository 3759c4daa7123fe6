"""What organizations say of how closely they work together: one states it, the other confirms it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS
from community.core.tidy import tidy
from community.directory.models import Keeper
from community.directory.models.links import EXCHANGED, JointWork, LinkRegion, OrganizationLink
from community.directory.permissions import keeps, may_keep_organization
from community.directory.permissions.together import may_begin_together, may_confirm_link, may_keep_link
from community.directory.queries.links import between
from community.directory.queries.partners import documents_exist
from community.directory.services import together_history
from community.directory.services.days_ahead import check_review
from community.directory.services.reading import hold, require_read
from community.directory.signals import persona_told

_TWICE = _l("These two have a link already: change that one.")


@dataclass(frozen=True)
class Agreement:
    """An agreement to exchange information: which kinds, on what basis, with which form."""

    exchanged: Collection[str]
    basis: str
    consent_form: str = ""
    consent_version: str = ""


@dataclass(frozen=True)
class LinkWords:
    """What is stated of a link."""

    intensity: int
    regions: Collection[str]
    since: date | None
    review_on: date
    agreement: Agreement | None = None


@dataclass(frozen=True)
class Counts:
    """How often the two worked together in a month."""

    discussions: int
    follow_ups: int
    plans: int


def state(viewer: Viewer, organization_id: str, other_id: str, said: LinkWords) -> OrganizationLink:
    """State a link in the name of an organization that the viewer keeps; the other one confirms it.

    :raises Invalid: one of the two is not to be chosen, they are the same, or they have a link already.
    """
    require(may_begin_together(viewer))
    if not may_keep_organization(viewer, organization_id) or not documents_exist(viewer, [organization_id]):
        raise Invalid("organization", _l("Choose one of the organizations that you keep."))
    if not documents_exist(viewer, [other_id]):
        raise Invalid("other", _l("No organization of this directory has this name."))
    if organization_id == other_id:
        raise Invalid("other", _l("Choose another organization: a link joins two."))
    if between(viewer, (organization_id, other_id)) is not None:
        raise Invalid("other", _TWICE)
    one, other = sorted((organization_id, other_id))
    link = OrganizationLink(one_id=one, other_id=other, stated_by=organization_id, stated_on=clock.today())
    _write(viewer, link, said)
    try:
        with db.session.begin_nested():
            db.session.add(link)
            db.session.flush()
    except IntegrityError:  # the other side stated it at this very moment
        raise Invalid("other", _TWICE) from None
    _record(viewer, "link_stated", link)
    _ask(viewer, link)
    return link


def change(viewer: Viewer, link: OrganizationLink, said: LinkWords, seen: str) -> None:
    """State a link anew, as it was when it was read (``seen``: its mark): the side that did not write it
    confirms it again.

    :raises Invalid: a field cannot be kept. :raises Conflict: somebody changed it since.
    """
    require(may_keep_link(viewer, link))
    require_read(link, seen)
    told, before = _told(link), together_history.facts(link)
    _write(viewer, link, said)
    if _told(link) != told:
        link.stated_by, link.stated_on, link.confirmed_on = _side(viewer, link), clock.today(), None
        _ask(viewer, link)
    db.session.flush()
    _record(viewer, "link_changed", link, before)


def _ask(viewer: Viewer, link: OrganizationLink) -> None:
    """Tell those who keep the other organization that a link waits for their word; once a day at most."""
    _tell(viewer, link, "link", about=f"directory/links/{link.key}", organizations=(link.asked,))


def _tell(
    viewer: Viewer, link: OrganizationLink, what: str, *, about: str, organizations: Collection[str] = ()
) -> None:
    rows = select(Keeper.persona_id).where(Keeper.organization_id.in_(organizations or link.ends))
    told = sorted(set(db.session.scalars(rows)) - {viewer.persona_id or ""})
    if told:
        event = f"{what}:{link.key}:{link.stated_on}"
        announce(persona_told, persona_ids=told, what=what, about=about, event=event)


def _told(link: OrganizationLink) -> tuple[object, ...]:
    """What the other side has to agree to; a new day of review is not among it."""
    agreed = (link.agreement, link.exchanged, link.basis, link.consent_form, link.consent_version)
    return link.intensity, *agreed, link.since, ",".join(sorted(one.region for one in link.regions))


def _side(viewer: Viewer, link: OrganizationLink) -> str:
    """In whose name the viewer writes: whoever keeps both, and coordinators, in that of the first stater."""
    own = keeps(viewer) & set(link.ends)
    return next(iter(own)) if len(own) == 1 else link.stated_by


def _write(viewer: Viewer, link: OrganizationLink, said: LinkWords) -> None:
    agreement = said.agreement
    check_review(said.review_on, link.review_on)
    link.intensity, link.since, link.review_on = said.intensity, said.since, said.review_on
    link.agreement = agreement is not None
    link.exchanged = ",".join(code for code in EXCHANGED if agreement and code in agreement.exchanged)
    link.basis = agreement.basis if agreement else ""
    for field in ("consent_form", "consent_version"):
        words, before = tidy(getattr(agreement, field)) if agreement else "", getattr(link, field) or ""
        before_publish(Text("directory", field, words, viewer.lang, viewer.persona_id, before=before))
        setattr(link, field, words)
    wanted = set(said.regions) & set(REGIONS)
    kept = [row for row in link.regions if row.region in wanted]
    fresh = sorted(wanted - {row.region for row in kept})
    link.regions = [*kept, *(LinkRegion(region=code) for code in fresh)]


def confirm(viewer: Viewer, link: OrganizationLink, seen: str) -> None:
    """Confirm in the name of the other organization what was stated. Twice does no harm.

    :param seen: the mark of what the viewer read (:func:`mark`).
    :raises Conflict: it was stated anew in the meantime.
    """
    hold(link)
    if link.confirmed_on is not None and may_keep_link(viewer, link):
        return
    require(may_confirm_link(viewer, link))
    if seen != mark(link):
        raise Conflict
    link.confirmed_on = clock.today()
    _record(viewer, "link_confirmed", link)


def mark(link: OrganizationLink) -> str:
    """A word for what is stated now, so that nobody confirms what they did not read."""
    return "|".join(str(one) for one in (link.stated_by, *_told(link)))


def end(viewer: Viewer, link: OrganizationLink) -> None:
    """Take a link away, with its counts."""
    require(may_keep_link(viewer, link))
    audit.record(viewer.persona_id or "", "directory.link_ended", f"link {link.key}")
    together_history.forget(link)
    _tell(viewer, link, "link_ended", about="directory/links")
    db.session.delete(link)
    db.session.flush()


def count(viewer: Viewer, link: OrganizationLink, month: date, counts: Counts) -> None:
    """Keep how often the two worked together in a month; said again, it replaces what was said.

    :raises Invalid: the month has not begun.
    """
    require(may_keep_link(viewer, link))
    hold(link)
    month = month.replace(day=1)
    if month > clock.today():
        raise Invalid("month", _l("This month has not begun."))
    asked = select(JointWork).where(JointWork.link_id == link.id, JointWork.month == month)
    row = db.session.scalars(asked).first() or JointWork(link_id=link.id, month=month)
    row.discussions, row.follow_ups, row.plans = counts.discussions, counts.follow_ups, counts.plans
    db.session.add(row)
    db.session.flush()
    audit.record(
        viewer.persona_id or "", "directory.joint_work_counted", f"link {link.key}", month=month.isoformat()
    )


def _record(viewer: Viewer, act: str, link: OrganizationLink, before: dict[str, Any] | None = None) -> None:
    together_history.note(viewer, link, act, before)
    audit.record(viewer.persona_id or "", f"directory.{act}", f"link {link.key}")
