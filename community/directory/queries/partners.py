"""Organizations as pages name them: what they are called, in which order, whom to call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.folding import sort_key
from community.core.regions import with_ancestors, within
from community.directory.hsds.profile import Text
from community.directory.models import Document
from community.directory.permissions import documents_seen_by, keeps
from community.directory.queries import documents
from community.directory.queries.names import names
from community.directory.queries.parties import meant, parties

SUGGESTED = 200


@dataclass(frozen=True)
class Partner:
    """An organization in a list; without a name when it is no longer listed."""

    id: str
    name: Text

    @property
    def listed(self) -> bool:
        """Whether its page can be opened."""
        return bool(self.name.text)


@dataclass(frozen=True)
class Contact:
    """How to reach an organization, as it publishes it itself."""

    phones: tuple[str, ...]
    email: str
    website: str


def concerned(region: str) -> tuple[str, ...]:
    """The codes of what concerns a region: itself, what lies in it, the province it lies in."""
    return tuple(dict.fromkeys((*within(region), *with_ancestors(region))))


def partners(viewer: Viewer, ids: Iterable[str], lang: str) -> dict[str, Partner]:
    """These organizations by id, also those that are no longer listed."""
    wanted = sorted(set(ids))
    known = names(viewer, "organization", wanted) if wanted else {}
    return {id: Partner(id, known[id][lang] if id in known else Text("", lang, None)) for id in wanted}


def in_order(found: Iterable[Partner]) -> list[Partner]:
    """By their names, those without one last."""
    return sorted(found, key=lambda one: (not one.listed, sort_key(one.name.text), one.id))


def suggested(viewer: Viewer, lang: str) -> list[Partner]:
    """Organizations to choose from while one types: a few hundred at most."""
    rows = documents_seen_by(viewer).where(Document.kind == "organization", Document.state == "public")
    ids = db.session.scalars(rows.with_only_columns(Document.id).order_by(Document.id).limit(SUGGESTED)).all()
    return in_order(partners(viewer, ids, lang).values())


def own(viewer: Viewer, lang: str) -> list[Partner]:
    """The organizations that the viewer keeps."""
    return in_order(partners(viewer, keeps(viewer), lang).values())


def named(viewer: Viewer, typed: str) -> list[str]:
    """Ids of the organizations that a typed name means: one when it is clear, more when it is not."""
    return [one.id for one in meant(viewer, typed, ("organization",))]


def documents_exist(viewer: Viewer, ids: Iterable[str]) -> bool:
    """Whether all of these are organizations that the viewer sees."""
    wanted = set(ids)
    return {one.id for one in parties(viewer, wanted).values() if one.kind == "organization"} == wanted


def contact(viewer: Viewer, organization_id: str) -> Contact:
    """What an organization publishes of itself: phones, an address for mail, a site."""
    found = documents.organization(viewer, organization_id) or {}
    given = found.get("phones")
    phones = [
        one.get("number") for one in (given if isinstance(given, list) else ()) if isinstance(one, dict)
    ]
    website = str(found.get("website") or "")
    return Contact(
        phones=tuple(str(number) for number in phones if number)[:3],
        email=str(found.get("email") or ""),
        website=website if website.startswith(("https://", "http://")) else "",
    )
