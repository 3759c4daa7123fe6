"""Moderation that can be answered for: what waits, what was decided and why, who may ask again.

``targets`` say what can be reported, ``danger`` and ``solicitation`` read texts (pure), ``services`` open,
decide, take back; ``queries.record`` is what everybody may read of it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire moderation into the application: its pages, its places, what it looks at."""
    from community.moderation import archive, composing, listed, nameless, private, testimonies, things, words

    for door in ("jobs", "receivers"):  # so that the clock and the announcements find them
        import_module(f"community.moderation.{door}")
    for part in (things, private, testimonies, nameless, listed, composing, archive):
        part.init_app()
    _add_pages(app)
    app.jinja_env.globals["moderation_words"] = words
    _fill_panels()
    _say_what_is_kept()
    _limit_names()
    _name_acts()


def _add_pages(app: Flask) -> None:
    from community.moderation import views

    pages = [import_module(f"{views.__name__}.{page.name}") for page in pkgutil.iter_modules(views.__path__)]
    for page in pages:
        if hasattr(page, "init_app"):
            page.init_app()
    app.register_blueprint(views.bp)


def _fill_panels() -> None:
    """What moderation shows on the pages of others."""
    from community.core import panels
    from community.moderation import composing, menu

    panels.add("menu_sections", menu.places, order=85)
    panels.add("transparency", menu.figures, order=50)
    panels.add("profile", menu.report_name, order=90)
    panels.add("composer", composing.card, order=20)
    panels.add("while_writing", composing.card_while_writing)
    panels.add("under_replies", composing.limited_words, order=90)
    panels.add("refused", composing.why_refused)


def _say_what_is_kept() -> None:
    """What a new site starts with, what is sealed again with another key, what is let go of."""
    from community.core import beginnings, sealing
    from community.moderation.services import resealing
    from community.moderation.services.keeping import EVIDENCE_FOR, UNDECIDED_FOR, load_reasons
    from community.operations import retention

    beginnings.at_setup("texts of decisions", load_reasons)
    sealing.also_reseal(resealing.matters)
    sealing.also_reseal(resealing.acts)
    days = f"{EVIDENCE_FOR.days} days after the decision, {UNDECIDED_FOR.days} after a report without one"
    retention.rule("what was reported, sealed", days, table="matter", by="moderation.forget_evidence")


def _limit_names() -> None:
    """What a decision says of a name holds for what it may do from then on."""
    from community.accounts import audiences
    from community.core.changes import numbers
    from community.moderation.models import Act
    from community.moderation.queries.limits import limited_by, limits, limits_end

    numbers.watch_own(Act.__table__)  # type: ignore[arg-type]
    audiences.also_admits(limits, limited_by, limits_end)


def _name_acts() -> None:
    """In the register of acts."""
    from community.accounts.words import name_acts, name_details
    from community.forum import words as forum_words
    from community.moderation import words

    name_acts(words.REGISTER)
    for domain in ("forum", "moderation"):
        name_details(domain, "reason", forum_words.REASONS)
