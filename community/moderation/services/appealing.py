"""Asking for a second look, once, of somebody else than who decided; and answering it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.identifiers import without_numbers
from community.core.tidy import tidy
from community.moderation.models import Act, Appeal, Matter
from community.moderation.permissions import may_appeal, may_judge
from community.moderation.queries.matters import space_of
from community.moderation.services.acting import lock, take_back
from community.moderation.signals import appeal_answered

LEAST, MOST = 3, 2_000


class Answered(Conflict):
    """Somebody was faster; what was typed is given back."""

    default = _l("Somebody else has just answered this, or taken the decision back. Look at it first.")


def appeal(viewer: Viewer, act: Act, words: str) -> Appeal:
    """Ask somebody else to look again. :raises Invalid: too few or too many words."""
    lock(act)
    require(
        may_appeal(viewer, act, db.session.get(Appeal, act.key)),
        _l("A second look is asked for once, within thirty days."),
    )
    made = Appeal(act_key=act.key, words=_words("words", words), at=clock.now())
    db.session.add(made)
    db.session.flush()
    return made


def judge(viewer: Viewer, act: Act, matter: Matter, verdict: str, answer: str) -> None:
    """Answer an appeal: upheld, the act is taken back; refused, it stands. Either is told, with why.

    :raises Answered: somebody else did so meanwhile.
    """
    lock(act)
    found = db.session.get(Appeal, act.key, populate_existing=True)
    refuse_answered(found, answer)
    require(
        may_judge(viewer, act, found, matter, space_of(matter)),
        _l("A second look is given by somebody else than who decided."),
    )
    if found is None or verdict not in ("upheld", "refused"):
        raise Invalid("verdict", _l("Say whether the decision stands."))
    found.answer = _words("answer", answer)
    found.state, found.judged_by, found.judged_at = verdict, viewer.persona_id, clock.now()
    db.session.flush()
    audit.record(viewer.persona_id or "", f"moderation.appeal_{verdict}", matter.thing, matter=matter.key)
    if verdict == "upheld":
        take_back(viewer, act, matter)
    announce(appeal_answered, act_key=act.key)


def refuse_answered(appeal: Appeal | None, answer: str) -> None:
    """For those who see the decision. :raises Answered: nothing is left to answer."""
    if appeal is not None and appeal.state != "open":
        raise Answered(yours=answer)


def _words(field: str, said: str) -> str:
    words = tidy(said).replace("\x00", "")
    if not LEAST <= len(words) <= MOST:
        raise Invalid(field, _l("Write 3 to 2,000 characters."), kept=words)
    return without_numbers(words)
