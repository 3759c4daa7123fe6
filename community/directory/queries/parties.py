"""Services and organizations as somebody names them: by the address of a page, by name, by working there."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from community.accounts.models import AFFILIATIONS, Credential
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.db import db
from community.core.folding import fold, sort_key
from community.directory.hsds.profile import Text
from community.directory.models import Document
from community.directory.permissions import AFFILIATED, documents_seen_by, keeps
from community.directory.queries.names import names

MOST_OFFERED = 60
MOST_MEANT = 40  # that a part of a name may mean
KINDS = ("organization", "service")
_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")


@dataclass(frozen=True)
class Party:
    """A service with its organization, or an organization with all its services."""

    organization_id: str
    service_id: str = ""

    @property
    def kind(self) -> str:
        """``service`` or ``organization``."""
        return "service" if self.service_id else "organization"

    @property
    def id(self) -> str:
        """The id of what is named."""
        return self.service_id or self.organization_id


def party(viewer: Viewer, typed: str) -> Party | None:
    """Who is meant by the address of a page of the directory, or by an id; None when nobody is."""
    found = _ID.findall(typed.lower())
    return parties(viewer, found[-1:]).get(found[-1]) if found else None


def parties(viewer: Viewer, ids: Iterable[str]) -> dict[str, Party]:
    """The services and organizations of these ids that the viewer sees."""
    rows = documents_seen_by(viewer).with_only_columns(Document.kind, Document.id, Document.organization_id)
    asked = rows.where(Document.kind.in_(("service", "organization")), Document.id.in_(sorted(set(ids))))
    found = {}
    for kind, id, organization_id in db.session.execute(asked.order_by(Document.kind)):
        if kind == "organization":
            found[id] = Party(id)
        elif organization_id:
            found[id] = Party(organization_id, id)
    return found


def meant(viewer: Viewer, typed: str, kinds: Sequence[str] = KINDS) -> list[Party]:
    """Who may be meant by the address of a page, or by a name in either language, whole or in part.

    One when it is clear, more when it is not: those whose whole name it is, else those that hold its words;
    organizations first.
    """
    if _ID.search(typed.lower()) or typed.startswith(("/", "http://", "https://")):
        found = party(viewer, typed)
        return [found] if found is not None and found.kind in kinds else []
    wanted = fold(typed).split()
    if not wanted:
        return []
    rows = documents_seen_by(viewer).where(Document.kind.in_(kinds), Document.state == "public")
    for word in wanted:
        rows = rows.where(Document.words.contains(word, autoescape=True))
    asked = rows.with_only_columns(Document.id).order_by(Document.kind, Document.id).limit(MOST_MEANT)
    known = parties(viewer, db.session.scalars(asked))
    some = sorted(known.values(), key=lambda one: (one.kind, one.id))
    return exact(viewer, typed, some) or some


def exact(viewer: Viewer, typed: str, some: Sequence[Party]) -> list[Party]:
    """Those whose whole name this is, in either language."""
    known, wanted = called(viewer, some), sort_key(typed)
    return [
        one for one in some if any(sort_key(said.text) == wanted for said in known.get(one.id, {}).values())
    ]


def works_at(viewer: Viewer) -> frozenset[str]:
    """The organizations where the viewer works: those it keeps, and those that bear the name of an
    affiliation that was verified. It opens nothing; it tells which corridor begins at one's own door."""
    if not viewer.signed_in or not viewer.audiences & AFFILIATED:
        return frozenset()
    rows = select(Credential.organization, Credential.until).where(
        Credential.persona_id == viewer.persona_id,
        Credential.profession.in_(AFFILIATIONS),
        Credential.state == "verified",
        Credential.organization != "",
    )
    now, found = clock.now(), set(keeps(viewer))
    for name, until in db.session.execute(rows):
        if until is None or until > now:
            some = meant(viewer, name, ("organization",))
            found |= {one.organization_id for one in exact(viewer, name, some)}
    return frozenset(found)


def offered(viewer: Viewer) -> list[tuple[Party, dict[str, Text]]]:
    """The organizations that the viewer keeps and their services, to choose from; at most sixty."""
    kept = sorted(keeps(viewer))
    if not kept:
        return []
    mine = select(Document.id).where(Document.kind == "service", Document.organization_id.in_(kept))
    services = parties(viewer, db.session.scalars(mine.order_by(Document.id).limit(MOST_OFFERED)))
    found = [*(Party(id) for id in kept), *services.values()]
    named = called(viewer, found)
    return [(one, named[one.id]) for one in found if one.id in named]


def called(viewer: Viewer, some: Iterable[Party]) -> dict[str, dict[str, Text]]:
    """The names of these by id and language, in one statement a kind."""
    by_kind: dict[str, set[str]] = {"service": set(), "organization": set()}
    for one in some:
        by_kind[one.kind].add(one.id)
    return {id: both for kind, ids in by_kind.items() if ids for id, both in names(viewer, kind, ids).items()}
