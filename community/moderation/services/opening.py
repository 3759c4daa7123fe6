"""How a thing comes before those who moderate: reported, held, sounding like danger, or by its pace."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from sqlalchemy import Select, func, select

from community.accounts import audiences
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Invalid
from community.core.identifiers import without_numbers
from community.core.ids import new_key
from community.core.sealing import seal_text
from community.core.tidy import tidy
from community.forum.models import Post, Report
from community.forum.services.reports import HIDES_AT_ONCE
from community.moderation import targets
from community.moderation.models import REASONS, Act, Complaint, Matter
from community.moderation.permissions import may_report
from community.moderation.queries.cases import SEAL
from community.moderation.queries.limits import suspended
from community.moderation.queries.matters import open_matter_of
from community.moderation.signals import waits
from community.moderation.targets import Subject

MOST_WORDS = 2_000
READ = "moderation.read"
HIDES_FROM = 3  # so many persons reported it: out of sight until somebody has looked


def open_matter(subject: Subject, reason: str, origin: str) -> Matter:
    """The open matter of a thing, made if there is none; the gravest reason stands."""
    found = open_matter_of(subject.kind, subject.key)
    if found is None:
        found = _new(subject, reason, origin)
    elif REASONS.index(reason) < found.rank:
        found.reason, found.rank = reason, REASONS.index(reason)
    db.session.flush()
    return found


def _new(subject: Subject, reason: str, origin: str) -> Matter:
    key = new_key()
    made = Matter(
        key=key,
        kind=subject.kind,
        thing=subject.key,
        topic=subject.topic,
        space_id=subject.space_id,
        author_id=subject.author_id,
        reason=reason,
        rank=REASONS.index(reason),
        origin=origin,
        reports=0,
        opened_at=clock.now(),
        evidence=seal_text(SEAL, subject.words, key),
    )
    db.session.add(made)
    db.session.flush()
    return made


def of_report(report_id: str) -> None:
    """A post was reported: it waits for a look; from three persons on it is hidden until then."""
    report = db.session.get_one(Report, report_id)
    key = db.session.scalar(select(Post.key).where(Post.id == report.post_id))
    lock_post(key or "")
    subject = targets.look("post", key or "")
    if subject is None:
        return
    matter = open_matter(subject, report.reason, "report")
    these = select(Report.id).where(Report.post_id == report.post_id, Report.state == "open")
    matter.reports = _count(these)
    _hide_many(matter, _count(these.where(Report.reporter_id.not_in(suspended()))))


def of_what_came_back(post_id: int) -> None:
    """A backup brought back a message of which a passage had been taken out: it waits, hidden, for a look.

    Its words are not kept once more: they are the ones that were to go.
    """
    key = db.session.scalar(select(Post.key).where(Post.id == post_id)) or ""
    subject = targets.look("post", key)
    if subject is not None:
        open_matter(subject, "patient", "back").evidence = ""


def lock_post(key: str) -> None:
    """Of those who report or decide about a message at the same moment each sees what the one before did."""
    db.session.flush()
    db.session.execute(select(Post.id).where(Post.key == key).with_for_update(key_share=True))


def report(viewer: Viewer, subject: Subject, reason: str, words: str) -> Matter:
    """Say that something other than a post should be looked at. Asking twice changes nothing.

    What may identify a patient is hidden at once, before anybody has looked, wherever it can be.

    :raises Invalid: no such reason, or too many words.
    """
    require(may_report(viewer, subject.author_id), _l("You cannot report what is your own."))
    if reason not in REASONS:
        raise Invalid("reason", _l("Choose one of the reasons."))
    words = tidy(words).replace("\x00", "")
    if len(words) > MOST_WORDS:
        raise Invalid("words", _l("At most 2,000 characters."), kept=words)
    matter = open_matter(subject, reason, "report")
    mine = db.session.get(Complaint, (matter.key, viewer.persona_id))
    if mine is None:
        db.session.add(
            Complaint(
                matter_key=matter.key,
                reporter_id=viewer.persona_id or "",
                reason=reason,
                words=without_numbers(words),
                at=clock.now(),
            )
        )
        db.session.flush()
        these = select(Complaint.reporter_id).where(Complaint.matter_key == matter.key)
        matter.reports = _count(these)
        tell_who_looks(matter)
        _hide_many(matter, _count(these.where(Complaint.reporter_id.not_in(suspended()))))
    unread = reason in HIDES_AT_ONCE and audiences.SUSPENDED not in viewer.audiences
    if unread and not _looked_at(subject):
        _hide(matter, "moderation.hidden_at_once", reason=reason)
    return matter


def tell_who_looks(matter: Matter) -> None:
    """Those who moderate hear that something waits: once, and once more when it turns out to be danger."""
    announce(waits, matter_key=matter.key, step="danger" if matter.reason == "danger" else "report")


def _looked_at(subject: Subject) -> bool:
    """Whether somebody looked at it for the same and left it: it is not hidden unread again. What is reported
    here is never changed by its author."""
    left = (Matter.reason.in_(HIDES_AT_ONCE), Act.act.in_(("nothing", "restore")), Act.undone_at.is_(None))
    same = (Matter.kind == subject.kind, Matter.thing == subject.key)
    looked = select(Act.key).join(Matter, Matter.key == Act.matter_key).where(*same, *left)
    return db.session.scalar(looked.limit(1)) is not None


def _count(rows: Select[Any]) -> int:
    return db.session.scalar(select(func.count()).select_from(rows.subquery())) or 0


def _hide_many(matter: Matter, trusted: int) -> None:
    if trusted >= HIDES_FROM:
        _hide(matter, "moderation.hidden_pending", reports=matter.reports)


def _hide(matter: Matter, act: str, **why: Any) -> None:
    """Out of sight until somebody has looked, if it stands and can be hidden."""
    target = targets.of(matter.kind)
    if target is None or target.hide is None:
        return
    subject = target.look(matter.thing)
    if subject is not None and subject.state == "shown":
        target.hide(matter.thing)
        audit.record("report", act, matter.thing, **why)


def looked(viewer: Viewer, matter: Matter) -> None:
    """Somebody opened it: the clock of danger stops. Said by their first act on the page, or by a button."""
    if matter.looked_at is None:
        matter.looked_at = clock.now()
        db.session.flush()


def open_private(viewer: Viewer, matter: Matter) -> None:
    """Open the copy of what was written for a few. The register says so, once a day.

    Not to whom it belongs: by that they would know who reported it, before anything is decided.
    """
    if not is_open_to(viewer, matter):
        audit.record(viewer.persona_id or "", READ, matter.thing, matter=matter.key)


def is_open_to(viewer: Viewer, matter: Matter) -> bool:
    """Whether the viewer reads the thing on the page: it is not private, or was opened a while ago."""
    target = targets.of(matter.kind)
    if target is None or not target.private:
        return True
    return audit.did_lately(viewer.persona_id or "", READ, matter.thing)


def of_own_accord(subject: Subject) -> Matter:
    """A moderator acts on something that nobody reported."""
    return open_matter(subject, "other", "own")
