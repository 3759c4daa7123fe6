"""The page of an organization: what it is, how to reach it, what it gives and where."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from community.accounts.models import Persona
from community.accounts.queries import Face, faces_of
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.errors import NotFound
from community.directory.finding import freshness, listed
from community.directory.hsds import profile
from community.directory.hsds.checks import is_uuid
from community.directory.hsds.profile import Text
from community.directory.models import Document, Keeper, Listing
from community.directory.permissions import documents_seen_by, keepers_seen_by, keeps, listings_seen_by
from community.directory.queries import documents
from community.directory.queries.names import names

MOST = 200  # services of one organization that its page names
_Json = dict[str, Any]


@dataclass(frozen=True)
class Given:
    """A service of an organization, and the towns it is given in."""

    id: str
    name: Text
    towns: tuple[str, ...]
    confirmed_on: date | None
    freshness: str


@dataclass(frozen=True)
class OrganizationPage:
    """An organization as its page tells it."""

    id: str
    name: Text
    description: Text
    website: str
    email: str
    phones: list[_Json]
    services: list[Given]
    freshness: str  # of the service that was looked at longest ago: how much its telephones can be trusted
    document: _Json


def organization_page(viewer: Viewer, id: str, lang: str) -> OrganizationPage:
    """The page of an organization. :raises NotFound: there is none, or not for this viewer."""
    found = document_of(viewer, id)
    given = _services(viewer, id, lang)
    website = str(found.get("website") or "")
    return OrganizationPage(
        id=id,
        name=profile.text(found, "name", lang),
        description=profile.text(found, "description", lang),
        website=website if website.startswith(("https://", "http://")) else "",
        email=str(found.get("email") or ""),
        phones=[{**one, "says": one["says"][lang][0]} for one in listed.phones(found, {})],
        services=given,
        freshness=_oldest(given),
        document=found,
    )


def document_of(viewer: Viewer, id: str) -> _Json:
    """What everybody may have of an organization. :raises NotFound: there is none for this viewer."""
    found = documents.organization(viewer, id) if is_uuid(id) else None
    if found is None:
        raise NotFound
    return found


def _services(viewer: Viewer, id: str, lang: str) -> list[Given]:
    mine = documents_seen_by(viewer).with_only_columns(Document.id)
    mine = mine.where(Document.kind == "service", Document.organization_id == id)
    rows = listings_seen_by(viewer).with_only_columns(Listing.service_id, Listing.card, Listing.confirmed_on)
    found: dict[str, tuple[Text, list[str], date | None]] = {}
    for service_id, card, confirmed in db.session.execute(
        rows.where(Listing.service_id.in_(mine)).order_by(Listing.service_id, Listing.id).limit(MOST)
    ):
        said = json.loads(card)
        words, own = said["name"][lang]
        one = found.setdefault(service_id, (Text(words, own, None), [], confirmed))
        if said["town"] and said["town"] not in one[1]:
            one[1].append(said["town"])
    today = clock.today()
    return [
        Given(one, name, tuple(towns[:4]), confirmed, freshness.state(confirmed, today))
        for one, (name, towns, confirmed) in sorted(
            found.items(), key=lambda pair: pair[1][0].text.casefold()
        )
    ]


def _oldest(given: list[Given]) -> str:
    states = {one.freshness for one in given}
    return next((state for state in ("stale", "aging") if state in states), "fresh" if given else "stale")


def keepers_of(viewer: Viewer, id: str) -> list[tuple[Keeper, Face | None]]:
    """Who keeps the records of an organization, for those who may know."""
    rows = db.session.scalars(
        keepers_seen_by(viewer).where(Keeper.organization_id == id).order_by(Keeper.since, Keeper.persona_id)
    ).all()
    faces = faces_of([row.persona_id for row in rows]) if rows else {}
    return [(row, faces.get(row.persona_id)) for row in rows]


def kept_by(viewer: Viewer) -> list[tuple[str, dict[str, Text]]]:
    """The organizations whose records a name keeps, by name."""
    found = names(viewer, "organization", keeps(viewer))
    return sorted(found.items(), key=lambda pair: pair[1]["en"].text.casefold())


def organization_of(viewer: Viewer, service_id: str) -> str:
    """The organization that gives a service. :raises NotFound: there is none for this viewer."""
    if not is_uuid(service_id):
        raise NotFound
    rows = documents_seen_by(viewer).with_only_columns(Document.organization_id)
    found = db.session.execute(rows.where(Document.kind == "service", Document.id == service_id)).first()
    if found is None:
        raise NotFound
    return found[0] or ""


def is_active(persona_id: str) -> bool:
    """Whether somebody still writes under a name."""
    state = db.session.scalar(select(Persona.state).where(Persona.id == persona_id))
    return state == "active"
