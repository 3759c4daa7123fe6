"""Who may see what of the directory: it is for everybody, but what is in preparation or taken back."""

from __future__ import annotations

from sqlalchemy import Select, select

from community.accounts.viewer import Viewer
from community.directory.models import Document, Listing, Record


def may_keep_directory(viewer: Viewer) -> bool:
    """Whether the viewer may bring, change and take back records of any organization."""
    return viewer.coordinator or viewer.kind == "operator"


def may_see_document(viewer: Viewer, document: Document) -> bool:
    """Whether the viewer is given this: what is public; coordinators also what is not yet, or no more."""
    return document.state == "public" or may_keep_directory(viewer)


def documents_seen_by(viewer: Viewer) -> Select[Document]:
    """What the viewer is given of services, organizations and services at locations."""
    rows = select(Document)
    return rows if may_keep_directory(viewer) else rows.where(Document.state == "public")


def may_see_record(viewer: Viewer, _record: Record) -> bool:
    """Whether the viewer sees a record as it was brought, with what is withheld from everybody else."""
    return may_keep_directory(viewer)


def records_seen_by(viewer: Viewer) -> Select[Record]:
    """The records as they were brought; nothing of them is cut, so they are for those who keep them."""
    rows = select(Record)
    return rows if may_keep_directory(viewer) else rows.where(Record.id.is_(None))


def terms_seen_by(_viewer: Viewer) -> Select[Record]:
    """Taxonomies and their terms, which nothing is cut from: everybody sees them."""
    return select(Record).where(Record.kind.in_(("taxonomy", "taxonomy_term")), Record.state == "public")


def may_see_listing(_viewer: Viewer, _listing: Listing) -> bool:
    """Lists are made of what everybody may read."""
    return True


def listings_seen_by(_viewer: Viewer) -> Select[Listing]:
    """Services in lists: the same for everybody, because only public documents make them."""
    return select(Listing)
