"""Corridors, access mechanisms, liaison contacts, expert support: lists, pages, and what is due."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any, NamedTuple

from flask import Blueprint, g, render_template, request, url_for
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.accounts.words import name_acts
from community.core import clock
from community.core.errors import NotFound
from community.core.i18n import current_language, day, page_blueprint, with_query
from community.core.paging import page_asked
from community.core.regions import REGIONS
from community.core.store import settings
from community.directory import arrangements
from community.directory.arrangements import MANY, Terms, changed, from_values
from community.directory.finding import wanted
from community.directory.finding.finder import AGES, Situation
from community.directory.models.arrangements import Arrangement, ArrangementChange
from community.directory.permissions.arrangements import (
    may_arrange,
    may_change,
    may_refuse,
    may_see_every_line,
    may_see_reviews,
    names_others,
    sides_kept,
    sides_to_agree,
)
from community.directory.queries import arrangements as queries
from community.directory.queries import reviews
from community.directory.queries.parties import called, parties
from community.directory.queries.partners import documents_exist, partners
from community.directory.services import arrangements as services
from community.directory.words import arrangements as arrangement_words
from community.directory.words import services as words

bp: Blueprint = page_blueprint("arrangements", __name__, under="/directory")
ONE = '/<any("corridors","access-mechanisms","liaison-contacts","expert-support"):many>'

name_acts(arrangement_words.register())


@bp.context_processor
def _words() -> dict[str, object]:
    return {"directory_words": words, "arranged_words": arrangement_words, "arrangements": arrangements}


class Asked(NamedTuple):
    """What a list is narrowed by, as its address says it; what means nothing is left out."""

    region: str
    age: str
    need: str
    organization: str
    page: int

    def pairs(self, page: int) -> list[tuple[str, object]]:
        """The address of another page of the same list."""
        named = [(name, value) for name, value in self._asdict().items() if value and name != "page"]
        return [*named, *([("page", page)] if page > 1 else [])]


def _asked() -> Asked:
    region, age, need, organization = (
        request.args.get(name, "") for name in ("region", "age", "need", "organization")
    )
    return Asked(
        region if region in REGIONS else "",
        age if age in AGES else "",
        need if need in wanted.NEEDS else "",
        organization if organization and documents_exist(g.viewer, [organization]) else "",
        page_asked(request.args.get("page", "")),
    )


@bp.get(ONE)
def listed(many: str) -> str:
    """Those of a kind by region, age and need; those of one organization where its page leads here."""
    kind, asked = MANY[many], _asked()
    situation = Situation(age=asked.age, needs=frozenset({asked.need} - {""}))
    lang = current_language()
    return render_template(
        "directory/arrangements/list.html",
        kind=kind,
        many=many,
        listed=queries.listed(
            g.viewer, kind, situation, asked.region, asked.page, lang, organization=asked.organization
        ),
        asked=asked,
        of=partners(g.viewer, [asked.organization], lang).get(asked.organization),
        regions=[(code, place.name(lang)) for code, place in REGIONS.items()],
        needs=wanted.NEEDS,
        may_arrange=may_arrange(g.viewer),
        link=lambda number: with_query(url_for(".listed", many=many), asked.pairs(number)),
    )


@bp.get(f"{ONE}/<key>")
def show(many: str, key: str) -> str:
    """One of them: its terms, where it stands, and to those who keep a side what they may do."""
    return _page(queries.one(g.viewer, MANY[many], key))


def _page(row: Arrangement, **more: Any) -> str:
    lang = current_language()
    one = queries.shown(g.viewer, [row], lang)[0]
    before, after = from_values(row.terms), from_values(row.proposed or row.terms)
    keeps = bool(sides_kept(g.viewer, row))
    return render_template(
        "directory/arrangements/page.html",
        one=one,
        kind=row.kind,
        many=one.many,
        steps=arrangements.steps(arrangement_words.said(one, "procedure").text),
        leads_to=queries.named_services(g.viewer, one.terms.services, lang),
        keeps=keeps,
        seen=services.mark(row),
        proposed=differences(before, after) if keeps and row.proposed else [],
        names_others=names_others(row),
        may_change=may_change(g.viewer, row) and not (row.state == "in_force" and row.waits_for),
        may_end=may_change(g.viewer, row),
        may_refuse=may_refuse(g.viewer, row),
        agree_for=sides_to_agree(g.viewer, row),
        may_confirm=may_change(g.viewer, row) and row.state == "in_force",
        today=clock.today(),
        printed_at=settings().base_url + url_for(".show", many=one.many, key=row.key),
        **more,
    )


@bp.get(f"{ONE}/<key>/history")
def history(many: str, key: str) -> str:
    """What was done with it, on which day and by whom in which capacity."""
    row = queries.one(g.viewer, MANY[many], key)
    one = queries.shown(g.viewer, [row], current_language())[0]
    page = page_asked(request.args.get("page", ""))
    some, more = queries.history(row, page)
    held = 0 if sides_kept(g.viewer, row) else queries.held_from(row)
    lines = may_see_every_line(g.viewer, row)
    return render_template(
        "directory/arrangements/history.html",
        one=one,
        many=many,
        kind=row.kind,
        entries=[(entry, _told(entry, held=held, lines=lines)) for entry in some],
        page=page,
        more=more,
    )


def _told(entry: ArrangementChange, *, held: int, lines: bool) -> list[tuple[str, str, str]]:
    """What changed then: to the parties (``held`` is 0) all of it, to others what held, and no number that
    was not given to everybody."""
    unsaid = bool(held) and (entry.number < held or entry.act in {"proposed", "refused"})
    if not entry.before or not entry.after or unsaid:
        return []
    before, after = (
        one if lines or one.public else replace(one, phone="", extension="", name="")
        for one in (from_values(entry.before), from_values(entry.after))
    )
    return differences(before, after)


def differences(before: Terms, after: Terms) -> list[tuple[str, str, str]]:
    """What differs: its name, and what stood and stands there, as a page shows it."""
    lang = current_language()
    found = []
    for name in changed(before, after):
        if name in arrangement_words.TEXTS:
            found += [
                (f"{arrangement_words.TEXTS[name]} ({one.upper()})", *pair)
                for one in (lang, "en" if lang == "fr" else "fr")
                if len(set(pair := (_text(before, name, one), _text(after, name, one)))) > 1
            ]
        else:
            told = (_plain(before, name), _plain(after, name))
            found.append((str(arrangement_words.FACTS[name]), *told))
    return found


def _text(terms: Terms, name: str, lang: str) -> str:
    return terms.texts.get(name, {}).get(lang, ("",))[0]


_IN_WORDS: dict[str, Callable[[Terms], str]] = {
    "regions": lambda terms: arrangement_words.regions(terms.regions),
    "needs": lambda terms: arrangement_words.labels(terms.needs),
    "ages": lambda terms: arrangement_words.codes(words.AGES, terms.ages),
    "modes": lambda terms: arrangement_words.codes(arrangement_words.MODES, terms.modes),
    "langs": lambda terms: arrangement_words.spoken(terms.langs),
    "schedules": lambda terms: "; ".join(
        f"{one['byday']} {one['opens_at']}-{one['closes_at']}" for one in terms.schedules
    ),
    "organization_id": lambda terms: _called(terms.organization_id),
    "from_organization_id": lambda terms: _called(terms.from_organization_id),
    "service_id": lambda terms: _called(terms.service_id),
    "from_service_id": lambda terms: _called(terms.from_service_id),
    "services": lambda terms: _called(*terms.services),
}


def _plain(terms: Terms, name: str) -> str:
    if name in _IN_WORDS:
        return _IN_WORDS[name](terms)
    value = getattr(terms, name)
    if isinstance(value, date):
        return day(value)
    return _("yes") if value is True else "" if value is None or value is False else str(value)


def _called(*ids: str) -> str:
    """Services and organizations by their names; what is listed no longer has none."""
    some = [id for id in ids if id]
    known, lang = called(g.viewer, parties(g.viewer, some).values()), current_language()
    return ", ".join(known[id][lang].text if id in known else "?" for id in some)


@bp.get("/reviews")
def due() -> str:
    """What was to be looked at again everywhere, and what waits for somebody's word."""
    if not may_see_reviews(g.viewer):
        raise NotFound
    region = request.args.get("region", "")
    region = region if region in REGIONS else ""
    return render_template(
        "directory/arrangements/reviews.html",
        region=region,
        due=reviews.overdue(g.viewer, region, clock.today()),
        kinds=reviews.KIND_NAMES,
        waiting=queries.waiting_for(g.viewer, current_language()),
        regions=[(code, place.name(current_language())) for code, place in REGIONS.items()],
    )


def due_reviews(viewer: Viewer, region: str, today: Any) -> list[reviews.Review]:
    """The corridors, mechanisms, contacts and support whose day has come."""
    return [
        reviews.Review(
            url_for("arrangements.show", many=one.many, key=one.key),
            arrangement_words.title(one),
            one.due_on,
            one.kind,
        )
        for one in queries.due(viewer, region, today, current_language())
    ]
