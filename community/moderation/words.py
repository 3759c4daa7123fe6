"""What moderation calls its things, in the language of the page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from babel.dates import get_day_names
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.core.i18n import LOCALES, current_language, in_language
from community.forum.words import REASONS, SPACE_KINDS
from community.moderation import targets
from community.moderation.models import Act, Matter

Words = Any  # a str or a lazy translation

ACTS: dict[str, Words] = {
    "nothing": _l("Nothing to do"),
    "hide": _l("Hide it, or leave it hidden"),
    "restore": _l("Show it again, or let it through"),
    "edit": _l("Edit it, with a notice"),
    "move": _l("Move the topic"),
    "split": _l("Split the topic"),
    "merge": _l("Merge the topic"),
    "lock": _l("Close the topic"),
    "slow": _l("Slow the topic down"),
    "warn": _l("Warn the name"),
    "silence": _l("Silence the name for some days"),
    "suspend": _l("Suspend the name for some days"),
}
_DONE: dict[str, Words] = {
    "nothing": _l("Looked at, nothing to do"),
    "hide": _l("Hidden"),
    "restore": _l("Shown again"),
    "edit": _l("Edited"),
    "move": _l("Topic moved"),
    "split": _l("Topic split"),
    "merge": _l("Topic merged"),
    "lock": _l("Topic closed"),
    "slow": _l("Topic slowed down"),
    "warn": _l("Name warned"),
    "silence": _l("Name silenced"),
    "suspend": _l("Name suspended"),
}
_ORIGINS: dict[str, Words] = {
    "report": _l("reported"),
    "held": _l("held before it was shown"),
    "words": _l("its words sound like danger"),
    "pace": _l("many replies in an hour"),
    "own": _l("seen by a moderator"),
    "back": _l("brought back by a backup, a passage of it had been taken out"),
}
_RULES: dict[str, Words] = {
    "danger": _l(
        "If somebody is in danger: 911, or 9-8-8, and tell us afterwards. Nobody is punished for being in "
        "danger."
    ),
    "patient": _l(
        "Leave other people out: no name, number, date or place, and no rare detail that is enough."
    ),
    "dealing": _l(
        "Selling, buying, looking for a supplier, hinting that one could be found, or giving a price has "
        "no place. Harm reduction always has."
    ),
    "harassment": _l(
        "Argue with the sentence and leave its author alone. No contempt, no threats, no guessing who "
        "writes under a protected name."
    ),
    "advice": _l(
        "Say what your words rest on. Nobody is pushed to use, to stop a treatment or to go through "
        "withdrawal alone."
    ),
    "other": _l("The whole charter holds; so does what always has a place."),
}
_APPEALS: dict[str, Words] = {
    "open": _l("A second look was asked for"),
    "upheld": _l("Taken back after a second look"),
    "refused": _l("Confirmed by a second look"),
}


_SINCE: dict[str, Words] = {
    "gone": _l("Its author withdrew meanwhile what it was about: no word of it comes back."),
    "hidden": _l("What it was about is hidden all the same, for another reason than this decision."),
    "closed": _l("The topic is closed all the same, for another reason than this decision."),
    "limited": _l("Another decision limits what this name may do."),
    "": _l("What it had changed is as before."),
}


def since_words(since: str) -> str:
    """What became of it once the decision was taken back."""
    return str(_SINCE[since])


def act_words(act: str) -> str:
    """What a moderator may choose to do."""
    return str(ACTS[act])


def done_words(act: str) -> str:
    """What was done."""
    return str(_DONE[act])


def meanwhile(act: Act) -> object:
    """To whoever decides about what somebody else has just decided about: what they did."""
    what = _DONE[act.act] if act.stands else REGISTER["moderation.undone"]
    return _l(
        "While you were reading, something was decided about this: %(what)s. Send yours again if it is "
        "still needed.",
        what=what,
    )


def reason_words(reason: str) -> str:
    """Why."""
    return str(REASONS[reason])


def origin_words(matter: Matter) -> str:
    """How it came here: by how many reports, or by which of the site's own eyes."""
    if matter.origin == "report" or matter.reports:
        return ngettext("%(num)s report", "%(num)s reports", matter.reports)
    return str(_ORIGINS[matter.origin])


def rule_words(reason: str) -> str:
    """What the charter says to it."""
    return str(_RULES[reason])


def appeal_words(state: str) -> str:
    """Where a second look stands."""
    return str(_APPEALS[state])


def thing_words(kind: str) -> str:
    """What a thing is that no name stands under; "" for what a name wrote."""
    target = targets.of(kind)
    return str(target.name) if target is not None and target.nameless else ""


def told(act: Act) -> tuple[str, str]:
    """What whom it concerns is told, from a template, and its language."""
    return in_language(act, "said")


def space_kind(kind: str) -> str:
    """The kind of a space, for the public record."""
    return str(SPACE_KINDS[kind]) if kind else _("Names")


def clock_words(seconds: float) -> str:
    """How long something waits."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return ngettext("%(num)s minute", "%(num)s minutes", minutes)
    if minutes < 60 * 48:
        return ngettext("%(num)s hour", "%(num)s hours", minutes // 60)
    return ngettext("%(num)s day", "%(num)s days", timedelta(minutes=minutes).days)


def weekday(number: int) -> str:
    """A day of the week; Monday is 0."""
    name = str(get_day_names("wide", locale=LOCALES[current_language()])[number])
    return name[:1].upper() + name[1:]


def hour(number: int) -> str:
    """A full hour of the day, 0 to 24."""
    if current_language() == "fr":
        return f"{number}\u00a0h"
    if number in (0, 24):
        return _("midnight")
    return f"{(number - 1) % 12 + 1} {'a.m.' if number < 12 else 'p.m.'}"


# For the register of acts.
REGISTER: dict[str, object] = {
    **{f"moderation.{act}": said for act, said in _DONE.items()},
    "moderation.undone": _l("Decision taken back"),
    "moderation.read": _l("Reported private message read"),
    "moderation.appeal_upheld": _APPEALS["upheld"],
    "moderation.appeal_refused": _APPEALS["refused"],
    "moderation.hidden_pending": _l("Hidden until somebody has looked: three reports"),
    "moderation.reason_edited": _l("Text of decisions changed"),
}
