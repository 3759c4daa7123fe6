"""One matter as its page shows it: what was said about it, what was decided, and how the like was."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from sqlalchemy import func, select

from community.accounts.queries import Face, faces_of
from community.core import clock
from community.core.db import db
from community.core.sealing import CannotUnseal, unseal_text
from community.forum.models import Post, Report, Space, Topic
from community.moderation import targets
from community.moderation.models import Act, Appeal, Complaint, Matter, ReasonText
from community.moderation.queries.matters import space_of
from community.moderation.targets import Subject

SEAL = "evidence of a report"
SIMILAR = 5
# What was found in order, and what was done to a topic, for whatever message of it.
NO_BLAME = ("nothing", "restore", "lock", "slow", "move", "split", "merge")


@dataclass(frozen=True)
class Said:
    """A report without who made it."""

    reason: str
    words: str


@dataclass(frozen=True)
class Similar:
    """An earlier decision for the same reason."""

    act: Act
    appeal: str


@dataclass(frozen=True)
class Case:
    """Everything the page of a matter says."""

    matter: Matter
    space: Space | None
    subject: Subject | None
    author: Face | None
    evidence: str
    said: Sequence[Said]
    acts: Sequence[Act]
    similar: Sequence[Similar]
    earlier: int  # acts about this name in the last year
    waits: float

    @property
    def changed(self) -> bool:
        """Whether it no longer says what it said when it was reported."""
        return bool(self.evidence) and (self.subject is None or self.subject.words != self.evidence)


def case_of(matter: Matter) -> Case:
    """One matter with all that is needed to decide. For those who may handle it."""
    subject = targets.look(matter.kind, matter.thing)
    author = faces_of([matter.author_id]).get(matter.author_id) if matter.author_id else None
    return Case(
        matter=matter,
        space=space_of(matter),
        subject=subject,
        author=author,
        evidence=evidence_of(matter),
        said=said_about(matter),
        acts=acts_of(matter),
        similar=similar_to(matter),
        earlier=_earlier(matter),
        waits=(clock.now() - matter.opened_at).total_seconds(),
    )


def province_of(case: Case) -> str:
    """Where it happens, as its topic or its space says; "" where neither does. Of who wrote it, nothing."""
    of_topic = db.session.scalar(select(Topic.region).where(Topic.key == case.matter.topic))
    return (of_topic or (case.space.region if case.space else "") or "")[:2]


def evidence_of(matter: Matter) -> str:
    """What it said when it was reported; nothing once that was let go of."""
    if not matter.evidence:
        return ""
    try:
        return unseal_text(SEAL, matter.evidence, matter.key)
    except CannotUnseal:
        return ""


def said_about(matter: Matter) -> list[Said]:
    """The reports about a thing, the gravest reason first, and nothing of who made them."""
    if matter.kind == "post":
        rows = db.session.execute(
            select(Report.reason, Report.words)
            .join(Post, Post.id == Report.post_id)
            .where(Post.key == matter.thing)
            .order_by(Report.reason, Report.id)
        ).all()
    else:
        rows = db.session.execute(
            select(Complaint.reason, Complaint.words)
            .where(Complaint.matter_key == matter.key)
            .order_by(Complaint.reason, Complaint.reporter_id)
        ).all()
    return [Said(reason, words) for reason, words in rows]


def reasons_counted(said: Sequence[Said]) -> list[tuple[str, int]]:
    """How many reports give each reason."""
    return Counter(one.reason for one in said).most_common()


def acts_of(matter: Matter) -> Sequence[Act]:
    """What was decided in a matter, the first first."""
    return db.session.scalars(select(Act).where(Act.matter_key == matter.key).order_by(Act.at, Act.key)).all()


def decisions_about(kind: str, thing: str) -> Sequence[Act]:
    """All that was decided about a thing, in whatever matter, the last first."""
    rows = select(Act).join(Matter, Matter.key == Act.matter_key)
    same = (Matter.kind == kind, Matter.thing == thing)
    return db.session.scalars(rows.where(*same).order_by(Act.at.desc(), Act.key)).all()


def mark_of(subject: Subject) -> str:
    """What a form carries of what its reader saw: the words, and what was decided so far."""
    return subject.mark + mark_of_decisions(decisions_about(subject.kind, subject.key))


def mark_of_decisions(acts: Sequence[Act]) -> str:
    """Another once one was made or taken back."""
    return sha256("\n".join(f"{act.key} {act.stands}" for act in acts).encode()).hexdigest()[:8]


def similar_to(matter: Matter) -> list[Similar]:
    """The last decisions for the same reason, elsewhere: so that like is decided alike."""
    rows = db.session.execute(
        select(Act, Appeal.state)
        .outerjoin(Appeal, Appeal.act_key == Act.key)
        .where(Act.reason == matter.reason, Act.matter_key != matter.key, Act.by_id.is_not(None))
        .order_by(Act.at.desc(), Act.key)
        .limit(SIMILAR)
    )
    return [Similar(act, state or "") for act, state in rows]


def _earlier(matter: Matter) -> int:
    if not matter.author_id:
        return 0
    told = (
        Act.persona_id == matter.author_id,
        Act.undone_at.is_(None),
        Act.act.not_in(NO_BLAME),
    )
    recent = Act.at > clock.ago(days=365)
    count = select(func.count()).select_from(Act).where(*told, recent, Act.matter_key != matter.key)
    return db.session.scalar(count) or 0


def templates_for(reason: str = "") -> Sequence[ReasonText]:
    """The words decisions can be told in, those of this reason first."""
    rows = select(ReasonText).where(~ReasonText.retired)
    found = db.session.scalars(rows.order_by(ReasonText.position, ReasonText.code)).all()
    return sorted(found, key=lambda one: one.reason != reason)
