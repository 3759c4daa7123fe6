"""What stands between writing and storing: who is silenced, and a word of help before something grave.

The card is shown once: while one writes where the page has its script, else with the text that was typed, and
sending again publishes it. It is never a block, and of what is not
sent nobody is told.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import g, has_request_context, render_template, request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.errors import Invalid, NotAllowed
from community.core.help import lines_for
from community.core.i18n import day, hour
from community.core.publish import Text, check_before_publish
from community.moderation import danger
from community.moderation.queries.limits import limit_now

SEEN = "help_seen"  # "yes": shown with the form that came back; "live": shown while writing
_SHOWN = frozenset({"yes", "live"})
KINDS_OF_LINES = {
    "overdose": ("emergency", "poison", "overdose"),
    "suicide": ("emergency", "suicide", "health", "crisis"),
    "violence": ("emergency", "health", "crisis", "suicide"),
    "minor": ("emergency", "crisis", "health"),
    "pregnancy": ("emergency", "health", "drugs"),
}
MOST_LINES = 4
# Where people speak for themselves, and the form has the card. A charter, minutes or a service that say
# "if you want to die, call" are nobody's danger.
OWN_WORDS = frozenset({"attachment", "message", "post", "testimony", "topic"})


def init_app() -> None:
    """Stand there."""
    check_before_publish(refuse_limited)
    check_before_publish(offer_help)


def refuse_limited(text: Text) -> None:
    """A silenced or suspended name stores nothing. :raises NotAllowed: until when, and what can be done."""
    if text.imported or not text.author_id:
        return
    limit = limit_now(text.author_id, clock.now())
    if limit is not None:
        g.limit_told = True
        raise NotAllowed(
            _l("Until %(day)s, you cannot write under this name. %(how)s", day=_moment(limit.until), how=HOW)
        )


def _moment(until: datetime | None) -> str:
    """The day and the hour: who may write again in the afternoon need not try all morning."""
    return f"{day(until)}, {hour(until)}" if until is not None else day(until)


HOW = _l("The decision says why, and how somebody else can look again: see the menu.")


def offer_help(text: Text) -> None:
    """Words that sound like danger come back once, with the lines that answer at any hour.

    :raises Invalid: the card was not shown yet.
    """
    if text.place not in OWN_WORDS or text.imported or not has_request_context():
        return
    if _SHOWN & set(request.form.getlist(SEEN)):
        return
    found = danger.kinds(text.words)
    if found:
        g.help_for = found
        raise Invalid(
            "help",  # no field of the form: nothing typed is wrong
            _l(
                "Before this is shown to others: help is there now, see below. Press the button again to "
                "publish it as it is."
            ),
            kept=text.words,
        )


def card(viewer: Viewer, form: object) -> str:
    """In the composer: the lines that help with what was just typed, of the writer's province."""
    kinds: tuple[str, ...] = g.get("help_for", ())
    if not kinds and not _SHOWN & set(request.form.getlist(SEEN)):
        return ""
    return _card(viewer, kinds, "yes")


def card_while_writing(viewer: Viewer, texts: Sequence[str]) -> str:
    """The same beside what is being typed, unless it stands over the form already."""
    if "yes" in request.form.getlist(SEEN):
        return ""
    kinds = danger.kinds("\n".join(texts))
    return _card(viewer, kinds, "live") if kinds else ""


def _card(viewer: Viewer, kinds: Sequence[str], shown: str) -> str:
    wanted = [line for kind in kinds or ("suicide",) for line in KINDS_OF_LINES[kind]]
    lines = [line for line in lines_for((viewer.region or "")[:2]) if line.kind in wanted]
    lines.sort(key=lambda line: wanted.index(line.kind))
    return render_template(
        "moderation/_help_card.html", lines=lines[:MOST_LINES], kinds=kinds, seen=SEEN, shown=shown
    )


def why_refused(viewer: Viewer) -> str:
    """Where a limited name is refused something else than words: that this is why, and until when. It had the
    form open when it was suspended, and would be sent to a coordinator as if by mistake."""
    return "" if g.get("limit_told") else limited_words(viewer, None)


def limited_words(viewer: Viewer, _page: object) -> str:
    """Over the composer: that this name cannot write now, before anything is typed."""
    if "limit:silence" not in viewer.audiences and "limit:suspend" not in viewer.audiences:
        return ""
    limit = limit_now(viewer.persona_id or "", clock.now())
    if limit is None:
        return ""
    sentence = _("Until %(day)s, you cannot write under this name.", day=_moment(limit.until))
    return render_template("moderation/_limited.html", act=limit, sentence=sentence)
