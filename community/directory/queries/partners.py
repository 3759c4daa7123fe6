"""Organizations as others name them: what they are called, which one a typed name means, whom to call."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.folding import fold, sort_key
from community.core.regions import with_ancestors, within
from community.directory.hsds.checks import is_uuid
from community.directory.hsds.profile import Text
from community.directory.models import Document
from community.directory.permissions import documents_seen_by, keeps
from community.directory.queries import documents
from community.directory.queries.names import names

MOST_CANDIDATES = 40
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
    """Ids of the organizations that a typed name means: one when it is clear, more when it is not.

    A name in either language, whole or in part, or the address of an organization's page.
    """
    for word in typed.replace("/", " ").split():
        if is_uuid(word):
            return [word] if documents_exist(viewer, [word]) else []
    wanted = fold(typed).split()
    if not wanted:
        return []
    rows = documents_seen_by(viewer).where(Document.kind == "organization", Document.state == "public")
    for word in wanted:
        rows = rows.where(Document.words.contains(word, autoescape=True))
    found = rows.with_only_columns(Document.id).order_by(Document.id).limit(MOST_CANDIDATES)
    candidates = list(db.session.scalars(found))
    exact = _exact(names(viewer, "organization", candidates), sort_key(typed))
    return exact or candidates


def _exact(known: Mapping[str, Mapping[str, Text]], wanted: str) -> list[str]:
    return [
        id for id, texts in known.items() if any(sort_key(text.text) == wanted for text in texts.values())
    ]


def documents_exist(viewer: Viewer, ids: Iterable[str]) -> bool:
    """Whether all of these are organizations that the viewer sees."""
    wanted = set(ids)
    rows = documents_seen_by(viewer).where(Document.kind == "organization", Document.id.in_(wanted))
    return set(db.session.scalars(rows.with_only_columns(Document.id))) == wanted


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
