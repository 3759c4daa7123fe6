"""Patients who are not in the room: every text is looked at before it is stored.

A number that belongs to one person is refused until its author says that it is none; what only may
identify is shown once, and sending again keeps it. Neither is ever written down: of a declaration
the kind, the place, the day and the name are kept, and never the words.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import g, has_request_context, render_template, request
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from community.core import clock
from community.core.db import db
from community.core.errors import Invalid
from community.core.help import public_numbers
from community.core.identifiers import BLOCK, Finding, advice, scan
from community.core.publish import Text, check_before_publish
from community.forum.models import Declaration

FIELD = "kept_identifier"  # what a form sends of findings that its author keeps: their tokens
MOST_TOKENS = 200
REFUSED = _l(
    "This holds what looks like a number that belongs to one person. Take it out, or tick that it is not an "
    "identifier."
)
WARNED = _l(
    "Something here may identify a person. Change it, or press the button again to publish it as it is."
)


@dataclass(frozen=True)
class Noticed:
    """A finding as a form shows it."""

    finding: Finding
    kept: bool  # its author has said so

    @property
    def blocks(self) -> bool:
        """Whether it is refused unless it is declared to be no identifier."""
        return self.finding.level == BLOCK

    @property
    def name(self) -> Any:
        """What it is called."""
        return advice.NAMES[self.finding.kind]

    @property
    def why(self) -> Any:
        """Why it is one."""
        return advice.WHY[self.finding.kind]

    @property
    def instead(self) -> Any:
        """What could stand there."""
        return advice.INSTEAD[self.finding.kind]


def init_app(app: Any) -> None:
    """Stand before everything that is stored, and give forms what they show."""
    check_before_publish(look_before_publishing)
    app.jinja_env.globals["identifiers_panel"] = panel_now


def look_before_publishing(text: Text) -> None:
    """Refuse what identifies somebody, ask about what may. :raises Invalid: neither was answered yet."""
    with db.session.no_autoflush:  # what is about to be stored may not be whole yet
        every = scan(text.words, public_numbers()).findings
    found = tuple(one for one in every if one.kind not in text.asked_for)
    if text.imported or not has_request_context():  # nobody is there to be asked
        found = tuple(one for one in found if one.level == BLOCK)
    known = {one.token for one in scan(text.before).findings} if found and text.before else set()
    fresh = [one for one in found if one.token not in known]
    if not fresh:
        return
    kept = frozenset() if text.imported else kept_now()
    if open_ones := [one for one in fresh if one.token not in kept]:
        _show(fresh, kept)
        refused = [one for one in open_ones if one.level == BLOCK]
        raise Invalid(text.field, _said(refused, imported=text.imported), kept=text.words)
    _declare(text, fresh)


def _said(refused: list[Finding], *, imported: bool) -> Any:
    if imported:
        kinds = ", ".join(sorted({str(advice.NAMES[one.kind]) for one in refused}))
        return _l("it may identify a person (%(kinds)s)", kinds=kinds)
    return REFUSED if refused else WARNED


def kept_now() -> frozenset[str]:
    """The findings that the author of the form at hand keeps, by their tokens."""
    if not has_request_context():
        return frozenset()
    return frozenset(request.form.getlist(FIELD)[:MOST_TOKENS])


def _declare(text: Text, fresh: Iterable[Finding]) -> None:
    """Write down that numbers were declared to be none: once for each kind."""
    if not text.author_id:
        return
    for kind in sorted({one.kind for one in fresh if one.level == BLOCK}):
        db.session.add(Declaration(persona_id=text.author_id, kind=kind, place=text.place, day=clock.today()))


def _show(fresh: Iterable[Finding], kept: Collection[str]) -> None:
    if has_request_context():
        g.identifiers = _once(fresh, kept)


def _once(found: Iterable[Finding], kept: Collection[str]) -> list[Noticed]:
    by_token = {one.token: Noticed(one, one.token in kept) for one in found}
    return list(by_token.values())


def panel_now() -> Markup:
    """In the form that comes back: what it was refused for; nothing otherwise."""
    noticed: list[Noticed] = g.get("identifiers", [])
    return panel(noticed, asked=True)


def look(words: Iterable[str]) -> list[Noticed]:
    """What would be noticed of these texts: for whoever is still writing."""
    numbers = public_numbers()
    found = [one for text in words for one in scan(text, numbers).findings]
    return _once(found, kept_now())


def panel(noticed: list[Noticed], *, asked: bool) -> Markup:
    """The findings as they stand in a form.

    :param asked: whether the form was refused for them: then sending it again keeps what only warns.
    """
    if not noticed:
        return Markup()
    html = render_template("forum/_guard.html", noticed=noticed, asked=asked, field=FIELD)
    return Markup(html)  # noqa: S704
