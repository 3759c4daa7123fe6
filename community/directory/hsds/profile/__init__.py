"""The profile *usage de substances Canada*: what HSDS lacks for services for people who use substances. Pure.

Its fields are merge patches (RFC 7396) of the official schemas, in the JSON files beside this one; its words
are a taxonomy (``terms.toml``), so that a reader that knows nothing of the profile still sees them.
"""

from __future__ import annotations

from community.directory.hsds.profile.facts import Capacity, Facts, Text, read, text
from community.directory.hsds.profile.terms import TAXONOMY_ID, TERMS, Term, as_records, find, label, patches

__all__ = [
    "TAXONOMY_ID",
    "TERMS",
    "Capacity",
    "Facts",
    "Term",
    "Text",
    "as_records",
    "find",
    "label",
    "patches",
    "read",
    "text",
]
