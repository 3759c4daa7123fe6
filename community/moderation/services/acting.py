"""What moderators do: one act at a time, with a reason, on record, told to whom it concerns.

Limits are on the name that wrote, never on the person: nothing here knows a member.
"""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from sqlalchemy import select, update

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy
from community.forum.models import Post, Report, Topic
from community.moderation import targets, words
from community.moderation.models import ACTS, REASONS, Act, Appeal, Matter, ReasonText
from community.moderation.permissions import LIMITS, is_own, may_handle, may_limit, may_see_matter, may_undo
from community.moderation.queries.cases import decisions_about, mark_of_decisions
from community.moderation.queries.matters import space_of
from community.moderation.services import acts
from community.moderation.services.acts import OFFERED, ON_NAME, ON_TOPIC, Ruling
from community.moderation.services.opening import lock_post, looked
from community.moderation.signals import decided
from community.moderation.targets import MARK

MOST_WORDS = 2_000
NOT_YOURS = _l("This is about your own name. Somebody else looks at it.")
# Upheld or dismissed: what an act makes of the reports about a post.
_DISMISSES = frozenset({"nothing", "restore"})
# What was hidden unread waits until one of these was done.
SAYS_WHETHER = frozenset({"hide", "restore"})


def decide(viewer: Viewer, matter: Matter, ruling: Ruling) -> Act:
    """Do one thing in a matter, which is then looked at.

    :raises Invalid: a field holds nothing that can be done here.
    :raises Conflict: somebody else has just decided it.
    """
    space = space_of(matter)
    require(may_see_matter(viewer, matter, space))
    require(may_handle(viewer, matter), NOT_YOURS)
    text = _check(viewer, matter, ruling)
    if matter.kind == "post":
        lock_post(matter.thing)
    state = db.session.scalar(select(Matter.state).where(Matter.key == matter.key).with_for_update())
    if state != "open":
        raise Conflict(_l("Somebody else has just decided this. Look at what they did first."))
    _refuse_unread(matter, ruling.read)
    made = _record(viewer, matter, ruling, text)
    before, until = acts.do(viewer, matter, ruling)
    made.before, made.until = before, until
    looked(viewer, matter)
    if not _still_waits(matter, ruling):
        _done(viewer, matter, ruling)
    audit.record(
        viewer.persona_id or "",
        f"moderation.{ruling.act}",
        matter.topic if ruling.act in ON_TOPIC else matter.thing,
        reason=ruling.reason,
        matter=matter.key,
        **_about(made),
    )
    if made.persona_id is not None:
        announce(decided, act_key=made.key)
    return made


def _about(act: Act) -> dict[str, str]:
    """Whom a decision concerns, for the register: they read it under "who looked". Of what nothing was done
    about, they are told nothing."""
    return {"persona": act.persona_id} if act.persona_id is not None else {}


def _check(viewer: Viewer, matter: Matter, ruling: Ruling) -> ReasonText | None:
    if ruling.act not in ACTS or ruling.act not in OFFERED:
        raise Invalid("act", _l("Choose what is to be done."))
    if ruling.reason not in REASONS:
        raise Invalid("reason", _l("Choose one of the reasons."))
    text = db.session.get(ReasonText, ruling.text) if ruling.text else None
    if ruling.text and (text is None or text.retired):
        raise Invalid("text", _l("Choose one of the texts offered."))
    words = tidy(ruling.words)
    if len(words) > MOST_WORDS:
        raise Invalid("words", _l("At most 2,000 characters."), kept=words)
    if text is None and len(words) < 3 and ruling.act != "nothing":
        raise Invalid("words", _l("Choose a text or write one: whom it concerns is told why."))
    target = targets.of(matter.kind)
    needs = {"hide": target and target.hide, "restore": target and target.show}
    if ruling.act in needs and not needs[ruling.act]:
        raise Invalid("act", _l("This cannot be hidden. Warn, silence or suspend the name."))
    if ruling.act == "nothing" and _still_waits(matter, ruling):
        raise Invalid("act", _l("It is hidden: show it again, or leave it hidden and say why."))
    if ruling.act in ON_TOPIC and not matter.topic:
        raise Invalid("act", _l("This stands in no topic."))
    if ruling.act in ON_NAME and not matter.author_id:
        raise Invalid("act", _l("Nobody is behind this any more."))
    if ruling.act in LIMITS and not may_limit(viewer, matter.author_id):
        raise Invalid("act", _l("This name has a duty here: ask an administrator to decide about it."))
    return text


def _record(viewer: Viewer, matter: Matter, ruling: Ruling, text: ReasonText | None) -> Act:
    amount = ruling.minutes if ruling.act == "slow" else ruling.days if ruling.act in ON_NAME else 0
    made = Act(
        matter_key=matter.key,
        act=ruling.act,
        reason=ruling.reason,
        said_en=text.words_en if text else "",
        said_fr=text.words_fr if text else "",
        words=without_numbers(tidy(ruling.words).replace("\x00", "")),
        by_id=viewer.persona_id,
        persona_id=_concerned(viewer, matter, ruling),
        topic=matter.topic if ruling.act in ON_TOPIC else "",
        amount=amount,
        before={},
        at=clock.now(),
    )
    db.session.add(made)
    db.session.flush()
    return made


def _refuse_unread(matter: Matter, read: str) -> None:
    mark, decided = read[:MARK], read[MARK:]
    subject = targets.look(matter.kind, matter.thing) if mark else None
    if subject is not None and subject.mark != mark:
        raise Invalid("act", _l("It was changed while you were reading. Look again at what it says now."))
    acts = decisions_about(matter.kind, matter.thing) if decided else ()
    if acts and decided != mark_of_decisions(acts):
        raise Invalid("act", words.meanwhile(acts[0]))


def _concerned(viewer: Viewer, matter: Matter, ruling: Ruling) -> str | None:
    """Who is told: what is done to a topic concerns whoever began it, whosever message led to it."""
    if ruling.act == "nothing":
        return None
    if ruling.act in ON_TOPIC and ruling.act != "split":
        began = db.session.scalar(select(Topic.author_id).where(Topic.key == matter.topic))
        if began is not None and not is_own(viewer, began):
            return began
    return matter.author_id


def _still_waits(matter: Matter, ruling: Ruling) -> bool:
    """Whether it was hidden before anybody had looked, and nobody has said yet whether it is shown."""
    subject = None if ruling.act in SAYS_WHETHER else targets.look(matter.kind, matter.thing)
    return subject is not None and subject.hidden


def _done(viewer: Viewer, matter: Matter, ruling: Ruling) -> None:
    matter.state, matter.done_at = "done", clock.now()
    # Two who reported it at the same moment on PostgreSQL may have opened two.
    twins = (Matter.kind == matter.kind, Matter.thing == matter.thing, Matter.state == "open")
    db.session.execute(
        update(Matter)
        .where(*twins, Matter.key != matter.key)
        .values(state="done", done_at=matter.done_at)
        .execution_options(synchronize_session=False)
    )
    if matter.kind == "post":
        post = select(Post.id).where(Post.key == matter.thing).scalar_subquery()
        state = "dismissed" if ruling.act in _DISMISSES else "upheld"
        db.session.execute(
            update(Report)
            .where(Report.post_id == post, Report.state == "open")
            .values(state=state, decided_by=viewer.persona_id, decided_at=clock.now())
            .execution_options(synchronize_session=False)
        )
    db.session.flush()


# Taking back


def undo(viewer: Viewer, act: Act, matter: Matter) -> None:
    """Take an act back: what it changed is as before. Twice is harmless."""
    lock(act)
    if not act.stands:
        require(may_see_matter(viewer, matter, space_of(matter)))
        return
    require(may_undo(viewer, act, matter, space_of(matter)), _l("You cannot take this back."))
    take_back(viewer, act, matter)


def take_back(viewer: Viewer, act: Act, matter: Matter) -> None:
    """The same, for callers that have asked: whoever judged an appeal. Of two at once the second waits."""
    lock(act)
    if not act.stands:
        return
    act.undone_at, act.undone_by = clock.now(), viewer.persona_id
    db.session.flush()
    _answer_appeal(viewer, act)
    acts.put_back(act, matter)
    audit.record(
        viewer.persona_id or "",
        "moderation.undone",
        matter.thing,
        taken_back=act.act,
        matter=matter.key,
        **_about(act),
    )
    if act.persona_id is not None:
        announce(decided, act_key=act.key)


def lock(act: Act) -> None:
    """Of two who take an act back, or ask or answer for it, the second waits and sees what the first did."""
    db.session.refresh(act, ["undone_at"], with_for_update=True)


def _answer_appeal(viewer: Viewer, act: Act) -> None:
    """Taken back, nothing is left to look at again: whoever asked has what they asked for."""
    open_one = (Appeal.act_key == act.key, Appeal.state == "open")
    db.session.execute(
        update(Appeal)
        .where(*open_one)
        .values(state="upheld", judged_by=viewer.persona_id, judged_at=clock.now())
    )
