"""What can be found: one source per kind of thing. It knows the texts, where they stand, and who finds them.

A domain's source is added with ``add``; nothing else of the search changes. How one of its results looks
is in ``templates/search/_found_<kind>.html``.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple, Protocol

from community.accounts.viewer import Viewer
from community.core.db import db, in_transaction
from community.forum.models import Space
from community.search.index import Document


class Found(Protocol):
    """What was found, as its template shows it."""

    @property
    def kind(self) -> str:
        """The kind of its source."""


class Heard(NamedTuple):
    """A job that was saved with a change and has not run yet."""

    name: str
    arguments: Mapping[str, Any]


class Source(Protocol):
    """One kind of thing that can be found."""

    kind: str

    @property
    def announced(self) -> Collection[str]:
        """The names of the jobs that are saved when something of it changes."""

    def documents(self, keys: Collection[str]) -> Iterable[Document]:
        """The documents of these keys as they are when the first one is asked for."""

    def keys(self, after: str, most: int) -> list[str]:
        """Keys of what can be found, in a steady order, from the one after that key ("": the first)."""

    def existing(self, keys: Collection[str]) -> frozenset[str]:
        """Of these keys, those that can be found."""

    def places(self, viewer: Viewer, spaces: Collection[Space]) -> frozenset[int]:
        """The spaces and shelves in which the viewer, who sees these spaces, finds things of this kind."""

    def groups(self, viewer: Viewer) -> frozenset[str]:
        """The groups (topics) that the viewer finds wherever they stand."""

    def changing(self, heard: Collection[Heard]) -> frozenset[str]:
        """Documents (by id) and groups that changed and are not indexed anew yet: nobody finds them until
        then, as a text just hidden must not be found by its words. The jobs saved with the change know."""

    def shown(self, viewer: Viewer, keys: Collection[str], terms: frozenset[str]) -> Mapping[str, Found]:
        """Those of these keys that the viewer's own rule lets through, with what to mark in them."""


_sources: dict[str, Source] = {}


def add(source: Source) -> None:
    """Make one more kind of thing findable; called by a domain's ``init_app``."""
    _sources[source.kind] = source


def all_sources() -> tuple[Source, ...]:
    """Every kind there is."""
    return tuple(_sources.values())


def source(kind: str) -> Source | None:
    """The source of a kind, if it still exists."""
    return _sources.get(kind)


def split(document_id: str) -> tuple[str, str]:
    """The kind and the key of a document of the index."""
    kind, _, key = document_id.partition(":")
    return kind, key


def read_anew() -> None:
    """Before documents are read: what was read until now may be older than the index's last writer."""
    if not in_transaction():
        db.session.rollback()
