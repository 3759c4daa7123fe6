"""Services of the directory, to be found by words, in an index of their own.

Only their public documents are read: what is withheld was cut from those, and what is in preparation or
taken back is in none. A service stands on the shelf of its region, so that somebody who looks in one place
has words counted, weighed and corrected by what is there.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import bindparam, func, literal_column, select
from sqlalchemy import text as sa_text

from community.accounts.viewer import VISITOR, Viewer
from community.core.changes.kept_answers import kept
from community.core.db import db, in_transaction
from community.core.jobs import Job
from community.core.prepared import Prepared
from community.core.regions import REGIONS
from community.core.store import Stored, settings
from community.directory.finding import listed, marks, places
from community.directory.finding.wanted import LONGEST, Wanted
from community.directory.hsds import profile
from community.directory.models import Document as Written
from community.directory.permissions import documents_seen_by
from community.directory.queries import documents, finding
from community.directory.queries.asked_words import Looked
from community.directory.queries.graph import portions
from community.forum.models import Space
from community.search.engine import index_for
from community.search.index import Document, Query
from community.search.sources import Heard
from community.search.synonyms import synonyms_of
from community.search.words import fold, query_words

KIND = "service"
MOST = 200  # services of one answer: the directory ranks them further
SHOWN = 3  # of them on the results page
RANKED = 1_000  # that have most of the words; ten times as many are found by a common one
# The jobs that bring what was written up into the index, saved with the change.
INDEXING = ("search.index_services", "search.receivers.index_written_services")
_ALWAYS = datetime(
    2000, 1, 1, tzinfo=UTC
)  # none is newer than another: how fresh one is, the directory weighs
_TEXTS = ("description", "eligibility_description", "application_process", "fees_description")
_NAMES = ("name", "alternate_name")
# Every service is one, and gives it: said beside something else, these words only lead astray.
_SAY_LITTLE = (
    *("help", "need", "needs", "find", "finding", "get", "getting", "looking", "near", "nearby", "service"),
    *("services", "support", "program", "programs", "info", "information", "aide", "aider", "besoin"),
    *("besoins", "trouver", "chercher", "cherche", "obtenir", "proche", "près", "soutien", "programme"),
    *("programmes", "renseignement", "renseignements"),
)
_FOLDED = frozenset(fold(word) for word in _SAY_LITTLE)
_Json = dict[str, Any]


# A word that changes with the documents, and whether one of them is on its way into the index.
_WRITTEN = Prepared(
    lambda: select(Stored.value, select(Job.id).where(Job.name.in_(INDEXING)).exists()).where(
        Stored.name == bindparam("name")
    )
)
# Until the transaction ends, as SET LOCAL does.
_WRITTEN_AND_SET = Prepared(
    lambda: select(func.set_config(literal_column("'enable_seqscan'"), "off", True)).where(
        Stored.name == bindparam("name")
    )
)


class Services:
    """Every service that everybody may read of."""

    kind = KIND
    announced: frozenset[str] = frozenset()

    def documents(self, keys: Collection[str]) -> Iterator[Document]:
        """As they are written up now."""
        if not in_transaction():
            db.session.rollback()  # what was read before may be older than the index's last writer
        for id, found in documents.services(VISITOR, keys).items():
            yield document(id, found)

    def keys(self, after: str, most: int) -> list[str]:
        """Their ids, in order."""
        return documents.service_ids(VISITOR, after, most)

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Those that everybody may still read of."""
        seen = documents_seen_by(VISITOR).where(Written.kind == KIND).with_only_columns(Written.id)
        return frozenset(
            id
            for some in portions(sorted(keys))
            for id in db.session.scalars(seen.where(Written.id.in_(some)))
        )

    def places(self, _viewer: Viewer, _spaces: Collection[Space]) -> frozenset[int]:
        """None in the index of the talk: they have one of their own."""
        return frozenset()

    def groups(self, _viewer: Viewer) -> frozenset[str]:
        """None there."""
        return frozenset()

    def changing(self, _heard: Collection[Heard]) -> frozenset[str]:
        """None there."""
        return frozenset()

    def shown(self, _viewer: Viewer, _keys: Collection[str], _terms: frozenset[str]) -> Mapping[str, Any]:
        """None there."""
        return {}


def document(id: str, service: _Json) -> Document:
    """A service as it is searched: by its names, less by who gives it and where, and by what it says.

    Both languages lie in one document, as people ask in theirs for what is written in the other.
    """
    organization = service.get("organization") or {}
    return Document(
        kind=KIND,
        key=id,
        title=_lines(_both(service, _NAMES)),
        context=_lines([*_both(organization, _NAMES), *_places(service)]),
        body=_lines([*_both(service, _TEXTS), *_said(service)]),
        lang="",
        space_id=shelf(_region(service)),
        created_at=_ALWAYS,
    )


def _lines(texts: Iterable[str]) -> str:
    return "\n".join(dict.fromkeys(text for text in texts if text))


def _both(thing: _Json, fields: Iterable[str]) -> list[str]:
    return [profile.text(thing, name, lang).text for name in fields for lang in ("en", "fr")]


def _places(service: _Json) -> Iterator[str]:
    """Addresses that may be known, and the areas served."""
    for link in service.get("service_at_locations") or ():
        for address in (link.get("location") or {}).get("addresses") or ():
            yield " ".join(str(address.get(name) or "") for name in ("address_1", "city", "postal_code"))
    for area in service.get("service_areas") or ():
        yield str(area.get("name") or "")


def _said(service: _Json) -> Iterator[str]:
    """What it says of itself in the words of the profile and of other taxonomies, and the languages there."""
    for word in sorted(marks.of_facts(profile.read(service))):
        yield profile.label(word, "en")
        yield profile.label(word, "fr")
    for attribute in service.get("attributes") or ():
        yield from _both(attribute.get("taxonomy_term") or {}, ("name",))
    for language in service.get("languages") or ():
        yield str(language.get("name") or "")


# Shelves: a region's number, the same for ever.


def shelf(region: str) -> int:
    """The shelf of a region: "" serves all of Canada, "--" is not known."""
    return zlib.crc32(region.encode()) >> 1


def _region(service: _Json) -> str:
    """The region that holds all its places; a wider one where they lie in several."""
    found = listed.regions(service)
    if len(found) == 1:
        return found.pop()
    provinces = {region[:2] for region in found}
    return provinces.pop() if len(provinces) == 1 else ""


def look(text: str, regions: Collection[str]) -> Looked:
    """The services that these words find in these regions (none: everywhere), with how well each fits."""
    shelves = frozenset(shelf(region) for region in (regions or ("", "--", *REGIONS)))
    with _by_the_index() as written:
        if not written:  # no service was ever written up: no word is worth a look
            return Looked()
        hits = index_for(KIND).search(Query(_telling(text), shelves, _ALWAYS, size=MOST, ranked=RANKED))
    best = max((hit.score for hit in hits.hits), default=0.0) or 1.0
    return Looked({hit.key: hit.score / best for hit in hits.hits}, hits.suggestion)


@contextmanager
def _by_the_index() -> Iterator[bool]:
    """Have PostgreSQL look words up in its index, however common they are, as long as the block lasts.

    Gives whether any service was ever written up: one statement asks for that and sets the other.

    It counts what a word costs to look for in a row that it reads as next to nothing; but the words of a
    document lie apart: where the index finds a third of the rows, to read all took seven times as long.
    """
    if settings().sqlite:
        yield bool(documents.version())
    elif not _WRITTEN_AND_SET.rows(name=documents.VERSION):
        yield False
    else:
        yield True
        db.session.execute(sa_text("SET LOCAL enable_seqscan = DEFAULT"))


def few(viewer: Viewer, text: str, region: str) -> finding.Answer | None:
    """What the results page shows of the directory for these words, in this region ("": anywhere).

    To visitors the same within a minute, as long as nothing in the directory changes or waits to be indexed:
    it stands beside every search. What members look for is kept nowhere beside who they are.
    """
    said = " ".join(text.split())[:LONGEST]
    if viewer.signed_in:
        return _few(viewer, said, region)
    for version, on_its_way in _WRITTEN.rows(name=documents.VERSION):
        if on_its_way:
            return _few(viewer, said, region)
        return kept(("services", said, region), (str(version),), lambda: _few(viewer, said, region))
    return None


def _few(viewer: Viewer, said: str, region: str) -> finding.Answer | None:
    asked = Wanted(q=said, where=region, area=places.understood(region))
    answer = finding.search(viewer, asked, by_clinician=True)
    return replace(answer, found=answer.found[:SHOWN]) if answer.total and not answer.elsewhere else None


def _telling(text: str) -> str:
    """The words that say what is looked for; all of them where there are no others."""
    words = query_words(text)
    named = {  # "legal aid" says more than its words
        place for one in synonyms_of(words) if one.end - one.start > 1 for place in range(one.start, one.end)
    }
    telling = [word for place, word in enumerate(words) if place in named or fold(word) not in _FOLDED]
    return " ".join(telling) or text
