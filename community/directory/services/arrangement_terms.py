"""Which terms of an arrangement may be kept: their days, their parties, their words in two languages."""

from __future__ import annotations

from datetime import date, timedelta

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.errors import Invalid
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS
from community.directory import arrangements as arranged
from community.directory.arrangements import Terms
from community.directory.queries.parties import Party, parties
from community.directory.words.arrangements import TEXTS

LATEST = timedelta(days=730)  # until it is looked at again


def checked(viewer: Viewer, kind: str, terms: Terms, before: Terms | None) -> Terms:
    """The terms with what everybody sees of their parties. :raises Invalid: names the field."""
    today = clock.today()
    _days(terms, today, before)
    if not terms.regions or not set(terms.regions) <= set(REGIONS):
        raise Invalid("regions", _l("Choose at least one region."))
    _parties(viewer, kind, terms)
    for name in arranged.NEEDED[kind]:
        if not terms.texts.get(name):
            what = TEXTS[name]
            raise Invalid(
                f"{name}_en", _l("%(what)s: write it in one of the two languages at least.", what=what)
            )
    old = before.texts if before else {}
    for name, said in terms.texts.items():
        for lang, (words, _day) in said.items():
            stood = old.get(name, {}).get(lang, ("",))[0]
            before_publish(
                Text("arrangement", f"{name}_{lang}", words, lang, viewer.persona_id, before=stood)
            )
    return arranged.dated(terms, before, today)


def _days(terms: Terms, today: date, before: Terms | None) -> None:
    review, until, starts = terms.review_on, terms.signed_until, terms.starts_on
    if review is None or review > today + LATEST:
        raise Invalid("review_on", _l("Choose a day within two years."))
    if review <= today and (before is None or before.review_on != review):
        raise Invalid("review_on", _l("Choose a day to come."))
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
