"""Which terms of an arrangement may be kept: their days, their parties, their words in two languages."""

from __future__ import annotations

from collections.abc import Iterator

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.errors import Invalid
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS
from community.directory import arrangements as arranged
from community.directory.arrangements import Terms
from community.directory.queries.parties import Party, parties
from community.directory.services.days_ahead import check_review
from community.directory.words.arrangements import TEXTS

_OTHERS = _l(
    "This page is about another organization. Write a new one with this organization, and end this one if "
    "it no longer holds."
)


def checked(viewer: Viewer, kind: str, terms: Terms, before: Terms | None) -> Terms:
    """The terms with what everybody sees of their parties. :raises Invalid: names the field."""
    today = clock.today()
    _days(terms, before)
    _same_sides(terms, before)
    if not terms.regions or not set(terms.regions) <= set(REGIONS):
        raise Invalid("regions", _l("Choose at least one region."))
    _parties(viewer, kind, terms)
    for name in arranged.NEEDED[kind]:
        if not terms.texts.get(name):
            what = TEXTS[name]
            raise Invalid(
                f"{name}_en", _l("%(what)s: write it in one of the two languages at least.", what=what)
            )
    _steps(terms)
    before_publish(*_written(viewer, terms, before or Terms()))
    return arranged.dated(terms, before, today)


def _written(viewer: Viewer, terms: Terms, old: Terms) -> Iterator[Text]:
    """All that somebody typed in words of their own, beside what stood there."""
    author = viewer.persona_id
    for name, said in terms.texts.items():
        for lang, (words, _day) in said.items():
            stood = old.texts.get(name, {}).get(lang, ("",))[0]
            yield Text("arrangement", f"{name}_{lang}", words, lang, author, before=stood)
    for name in ("name", "website"):
        stood = getattr(old, name)
        yield Text("arrangement", name, getattr(terms, name), viewer.lang, author, before=stood)


def _steps(terms: Terms) -> None:
    for lang, (words, _day) in terms.texts.get("procedure", {}).items():
        if len(arranged.steps(words)) > arranged.MOST_STEPS:
            most = arranged.MOST_STEPS
            raise Invalid(f"procedure_{lang}", _l("Write at most %(num)s steps, a line each.", num=most))


def _same_sides(terms: Terms, before: Terms | None) -> None:
    """Those who agreed are those it is between: nobody is named in their place, whom nobody asked."""
    for field, name in (("to", "organization_id"), ("origin", "from_organization_id")):
        if before is not None and getattr(before, name) != getattr(terms, name):
            raise Invalid(field, _OTHERS)


def _days(terms: Terms, before: Terms | None) -> None:
    review, until, starts = terms.review_on, terms.signed_until, terms.starts_on
    check_review(review, before.review_on if before else None)
    if starts is not None and review is not None and review <= starts:
        raise Invalid("review_on", _l("Choose a day after the one on which it takes effect."))
    if until is not None and starts is not None and until < starts:
        raise Invalid("signed_until", _l("The last day comes before the first."))


def _parties(viewer: Viewer, kind: str, terms: Terms) -> None:
    to = Party(terms.organization_id, terms.service_id)
    origin = Party(terms.from_organization_id, terms.from_service_id)
    asked = [to, *([origin] if kind == "corridor" else [])]
    found = parties(viewer, [*(one.id for one in asked), *terms.services])
    for field, one in zip(("to", "origin"), asked, strict=False):
        if found.get(one.id) != one:
            raise Invalid(field, _l("No service or organization of the directory has this address."))
    if kind == "corridor" and to == origin:
        raise Invalid("origin", _l("A corridor leads from one service to another."))
    if any(found.get(id) is None or not found[id].service_id for id in terms.services):
        raise Invalid("services", _l("One of these is not the page of a service of the directory."))
