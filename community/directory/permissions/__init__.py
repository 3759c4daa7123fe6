"""Who may see and do what in the directory: one file a subject, each rule with its query twin beside it."""

from __future__ import annotations

from community.directory.permissions.corrections import (
    corrections_kept_by,
    corrections_seen_by,
    decides_alone,
    may_decide,
    may_see_correction,
    may_suggest,
)
from community.directory.permissions.keepers import (
    AFFILIATED,
    keepers_seen_by,
    keeps,
    may_keep_organization,
    may_name_keepers,
    may_see_keeper,
)
from community.directory.permissions.records import (
    documents_seen_by,
    listings_seen_by,
    may_keep_directory,
    may_see_document,
    may_see_listing,
    may_see_record,
    records_seen_by,
    terms_seen_by,
)

__all__ = [
    "AFFILIATED",
    "corrections_kept_by",
    "corrections_seen_by",
    "decides_alone",
    "documents_seen_by",
    "keepers_seen_by",
    "keeps",
    "listings_seen_by",
    "may_decide",
    "may_keep_directory",
    "may_keep_organization",
    "may_name_keepers",
    "may_see_correction",
    "may_see_document",
    "may_see_keeper",
    "may_see_listing",
    "may_see_record",
    "may_suggest",
    "records_seen_by",
    "terms_seen_by",
]
