"""Notices in words, for the page and for mails. Subjects of mails never say what they are about."""

from __future__ import annotations

from typing import Protocol

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import ngettext

from community.accounts.words import duty_name
from community.forum.words import region_name

LEVEL_NAMES = {
    "now": _l("At once"),
    "daily": _l("Once a day"),
    "weekly": _l("Once a week"),
    "never": _l("Never by mail"),
}
KIND_NAMES = {
    "answer": _l("Answers to my questions"),
    "mention": _l("Messages that mention me"),
    "message": _l("Private messages"),
    "reply": _l("Replies in topics I watch"),
    "topic": _l("New topics in spaces I watch"),
    "kept": _l("My answers that were kept"),
    "offered": _l("Questions laid before me"),
    "title": _l("Decisions about my title"),
    "duty": _l("Duties I am given"),
    "report": _l("Reports I am to look at"),
    "moderation": _l("Decisions about what I wrote"),
    "directory": _l("What I keep, corrected or referred in the directory"),
    "unanswered": _l("Questions without an answer, in my region and my language"),
}
_TITLES = {
    "pending": _l("Your title was checked once; a second check follows"),
    "verified": _l("Your title is verified"),
    "refused": _l("Your title was refused"),
    "lapsed": _l("Your title came to its end"),
    "revoked": _l("Your title was withdrawn"),
    "checked": _l("Your title was checked again: it stands"),
    "ending_30": _l("Your title ends in thirty days"),
    "ending_7": _l("Your title ends in seven days"),
    "vouch": _l("A learner asks you to vouch for them"),
}
# By the first word of what a notice of the directory is about.
_DIRECTORY = {
    "remind": _l("Records that you keep have not been confirmed for five months"),
    "waits": _l("A correction waits for you in the directory"),
    "second": _l("A change to the directory waits for a second person"),
    "accepted": _l("Your correction to the directory was accepted"),
    "partly": _l("Your correction to the directory was accepted in part"),
    "refused": _l("Your correction to the directory was not accepted"),
    "keeper": _l("You now keep the records of an organization"),
    "keeper_ended": _l("You no longer keep the records of an organization"),
    "outcome": _l("You referred someone: was the person taken in?"),
    "agree": _l("An arrangement between services waits for your word"),
    "in_force": _l("An arrangement between services was agreed to"),
    "laid_aside": _l("A proposal about an arrangement between services was laid aside"),
    "ended": _l("An arrangement between services ended"),
    "review": _l("An arrangement between services is to be looked at again"),
    "review_group": _l("A group of organizations is to be looked at again"),
    "review_link": _l("A link between organizations is to be looked at again"),
    "link": _l("A link with an organization that you keep waits for your word"),
    "link_ended": _l("A link with an organization that you keep was taken away"),
    "group_joined": _l("An organization that you keep was added to a group"),
    "group_left": _l("An organization that you keep was taken out of a group"),
}
_PLAIN = {
    "message": _l("You have a new private message"),
    "kept": _l("Your answer was kept"),
    "offered": _l("A question waits that you could answer"),
    "report": _l("A message was reported in a space you answer for"),
    "moderation": _l("Something was decided about what you wrote"),
    "opening": _l("Two administrators agreed to open the link between this name and your account"),
    "returned": _l("Mail to you came back: nothing more is sent until you say so"),
}
_OFFERED = {
    "by_name": _l("A question was put to you by name"),
    "on_call": _l("A question has waited for a day, and you are on call"),
    "keeper": _l("A question has waited for three days, and you keep its space or its theme"),
}
_QUEUE = {
    "queue report": _l("Something was reported: it waits to be looked at"),
    "queue danger": _l("Somebody may be in danger: please look now"),
}
_SUBJECTS = {
    "message": _l("You have a new message"),
    "mention": _l("You were mentioned"),
    "answer": _l("An answer for you"),
    "reply": _l("A reply for you"),
    "topic": _l("A new topic"),
    "kept": _l("Your answer was kept"),
    "offered": _l("A question for you"),
    "title": _l("About your title"),
    "duty": _l("About your duties"),
    "report": _l("Something to look at"),
    "moderation": _l("News for you"),
    "directory": _l("About the directory"),
    "daily": _l("Your day in short"),
    "weekly": _l("Your week in short"),
    "quiet": _l("News for you"),
}
_ICONS = {
    "message": "mail",
    "mention": "quote",
    "answer": "reply",
    "reply": "reply",
    "topic": "spaces",
    "kept": "ring",
    "offered": "open",
    "title": "shield",
    "duty": "people",
    "report": "flag",
    "moderation": "flag",
    "directory": "pin",
    "opening": "key",
    "returned": "mail",
}


class Told(Protocol):
    """What a sentence needs of a notice."""

    @property
    def kind(self) -> str: ...

    @property
    def about(self) -> str: ...

    @property
    def who(self) -> str: ...


def sentence(told: Told) -> str:
    """What happened, without naming the topic."""
    if told.kind == "title":
        return str(_TITLES.get(told.about, _TITLES["pending"]))
    if told.kind == "duty":
        act, duty, *scope = told.about.split()
        name = " ".join((str(duty_name(duty)), *scope))
        return (
            _("You were given a duty: %(duty)s", duty=name)
            if act == "given"
            else _("A duty of yours ended: %(duty)s", duty=name)
        )
    if told.kind == "directory":
        return str(_DIRECTORY.get(told.about.split(" ")[0], _DIRECTORY["waits"]))
    if told.kind == "report" and told.about:
        return str(_QUEUE.get(told.about, _QUEUE["queue report"]))
    if told.kind == "offered" and told.about in _OFFERED:
        return str(_OFFERED[told.about])
    if told.kind in _PLAIN:
        return str(_PLAIN[told.kind])
    return _by_somebody(told.kind, told.who or _("Former member"))


def _by_somebody(kind: str, who: str) -> str:
    if kind == "mention":
        return _("%(who)s mentions you", who=who)
    if kind == "answer":
        return _("%(who)s answers your question", who=who)
    if kind == "topic":
        return _("%(who)s starts a topic in a space you watch", who=who)
    return _("%(who)s writes in a topic you watch", who=who)


def directory_path(about: str) -> str:
    """Where a notice of the directory leads, after the language."""
    return about.partition(" ")[2] or "directory"


def several(told: Told, count: int) -> str:
    """The same for many of one topic: how many, and no longer who."""
    if count == 1 or told.kind not in ("answer", "reply"):
        return sentence(told)
    if told.kind == "answer":
        return ngettext("%(num)s answer to your question", "%(num)s answers to your question", count)
    return ngettext("%(num)s message in a topic you watch", "%(num)s messages in a topic you watch", count)


def subject(kind: str) -> str:
    """The subject of a mail: it gives nothing away to whoever sees the screen."""
    return str(_SUBJECTS[kind])


def icon_name(kind: str) -> str:
    """The drawing before a notice."""
    return _ICONS[kind]


def level_name(level: str) -> str:
    """A level in words."""
    return str(LEVEL_NAMES[level])


def kind_name(kind: str) -> str:
    """A kind of news in words."""
    return str(KIND_NAMES[kind])


def count_words(unread: int) -> str:
    """A count as the bell shows it."""
    most = 99
    return f"{most}+" if unread > most else str(unread or "")


def in_region(code: str) -> str:
    """Above the questions of a persona's own region."""
    return _("Near you: %(region)s", region=region_name(code))
