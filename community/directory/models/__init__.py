"""The tables of the directory."""

from __future__ import annotations

from community.directory.models.listing import Listing
from community.directory.models.records import Document, DocumentTerm, Link, Record, Stale

__all__ = ["Document", "DocumentTerm", "Link", "Listing", "Record", "Stale"]
