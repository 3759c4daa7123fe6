"""The results page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from flask import g, render_template, request, url_for
from flask_babel import lazy_gettext as _l

from community.core.db import transaction
from community.core.errors import BadRequest
from community.core.i18n import current_language, day, in_language, page_blueprint, with_query, zone
from community.core.limits import limiter
from community.core.regions import REGIONS
from community.directory.queries import finding
from community.directory.words.services import confirmed
from community.forum import words as forum_words
from community.forum.models import Space
from community.forum.queries import reading
from community.forum.themes import THEMES
from community.search import found_services, queries, services
from community.search.index import DEEPEST, PAGE_SIZE, Filters

bp = page_blueprint("search", __name__)

LONGEST_SHOWN = 500  # characters of the question that the page repeats; more is read than that
LAST_PAGE = DEEPEST // PAGE_SIZE
FILTERS = ("space", "region", "theme", "kind", "written", "answered", "since", "until")
ANSWERED = {"yes": True, "no": False}
ANSWERED_WORDS = {"yes": _l("Answered"), "no": _l("Without an answer")}
OFTEN = "60 per minute"
YEARS = range(1900, 2200)  # others are slips of the finger, or the end of what a clock can count
Chip = tuple[str, object]  # the address without this filter, and its words


@bp.get("/search")
@limiter.limit(OFTEN)
def results() -> str:
    """What is found for `q`, best first; without words, everything, newest first."""
    text = request.args.get("q", "")
    narrowed = _asked()
    page = _page()
    spaces = reading.spaces_to_choose(g.viewer)
    found = queries.results(g.viewer, text, _filters(narrowed), page, PAGE_SIZE, spaces)
    if not found.ready:
        with transaction():
            services.ask_for_rebuild()
    return render_template(
        "search/results.html",
        text=text[:LONGEST_SHOWN],
        found=found,
        services=_services(text, narrowed, page),
        confirmed=confirmed,
        narrowed=narrowed,
        chips=list(_chips(narrowed)),
        choices=_choices(spaces),
        asked={name: request.args.get(name, "") for name in ("answered", "since", "until")},
        kept={name: value for name in FILTERS if (value := request.args.get(name, ""))},
        first_url=_address(page=None) if page > 1 else "",
        next_url=_address(page=page + 1) if found.more and page < LAST_PAGE else "",
        suggestion_url=_address(page=None, q=found.suggestion),
        forum_words=forum_words,
    )


def _services(text: str, narrowed: reading.Filters, page: int) -> finding.Answer | None:
    """Services of the directory, above the first page of topics; the filters of the talk are not theirs."""
    others = any(request.args.get(name) for name in FILTERS if name != "region")
    if page > 1 or others or not text.strip():
        return None
    return found_services.few(g.viewer, text, narrowed.region)


def _asked() -> reading.Filters:
    """The forum's filters in this address. Raises NotFound for a value unknown to this viewer."""
    asked = request.args
    return reading.filters(
        g.viewer,
        space=asked.get("space", ""),
        region_code=asked.get("region", ""),
        theme=asked.get("theme", ""),
        lang=asked.get("written", ""),
        kind=asked.get("kind", ""),
    )


def _filters(narrowed: reading.Filters) -> Filters:
    until = _day("until")
    return Filters(
        space_id=narrowed.space.id if narrowed.space else None,
        region=narrowed.region,
        theme=narrowed.theme,
        topic_kind=narrowed.kind,
        lang=narrowed.lang,
        answered=_answered(),
        after=_midnight(_day("since")),
        before=_midnight(until + timedelta(days=1)) if until else None,
    )


def _answered() -> bool | None:
    asked = request.args.get("answered", "")
    if asked and asked not in ANSWERED:
        raise BadRequest
    return ANSWERED.get(asked)


def _day(name: str) -> date | None:
    asked = request.args.get(name, "")
    if not asked:
        return None
    try:
        found = date.fromisoformat(asked)
    except ValueError:
        found = date.min
    if found.year not in YEARS:
        raise BadRequest(_l("A date is written year, month, day: 2026-11-21."))
    return found


def _midnight(first: date | None) -> datetime | None:
    return None if first is None else datetime.combine(first, time(), zone()).astimezone(UTC)


def _page() -> int:
    page = request.args.get("page", "1")
    if not (page.isascii() and page.isdecimal() and len(page) < 4 and 1 <= int(page) <= LAST_PAGE):
        raise BadRequest(_l("Results end here. More precise words find more."))
    return int(page)


def _address(**changed: object) -> str:
    """This address with some values changed; None takes one away."""
    values: dict[str, Any] = {**{k: v for k, v in request.args.items() if v}, **changed}
    return with_query(
        url_for(".results"), ((name, value) for name, value in values.items() if value is not None)
    )


def _chips(narrowed: reading.Filters) -> Iterator[Chip]:
    """The filters in force, each with the address that takes it away."""
    chosen: dict[str, object] = {
        "space": in_language(narrowed.space, "name")[0] if narrowed.space else "",
        "region": forum_words.region_name(narrowed.region),
        "theme": forum_words.theme_name(narrowed.theme),
        "kind": forum_words.TOPIC_KINDS.get(narrowed.kind, ""),
        "written": forum_words.language_name(narrowed.lang),
        "answered": ANSWERED_WORDS.get(request.args.get("answered", ""), ""),
        "since": _dated(_l("Since %(day)s"), _day("since")),
        "until": _dated(_l("Until %(day)s"), _day("until")),
    }
    for name, words in chosen.items():
        if words:
            yield _address(page=None, **{name: None}), words


def _dated(words: object, when: date | None) -> str:
    return str(words) % {"day": day(when)} if when else ""


def _choices(spaces: Iterable[Space]) -> dict[str, list[tuple[str, object]]]:
    """What each filter offers."""
    lang = current_language()
    return {
        "space": [(space.slug, in_language(space, "name")[0]) for space in spaces],
        "region": [
            (place.code, ("\u2003" if place.parent else "") + place.name(lang)) for place in REGIONS.values()
        ],
        "theme": [(theme.code, theme.name(lang)) for theme in THEMES.values()],
        "kind": list(forum_words.TOPIC_KINDS.items()),
        "written": [(code, forum_words.language_name(code)) for code in ("fr", "en")],
        "answered": list(ANSWERED_WORDS.items()),
    }
