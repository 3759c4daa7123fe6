"""The tables of the directory."""

from __future__ import annotations

from community.directory.models.keeping import REPORTS, Correction, Keeper, Reminder, ReportCount
from community.directory.models.listing import Listing
from community.directory.models.records import Document, DocumentTerm, Link, Record, Stale
from community.directory.models.referrals import Referral, ReferralCount, ReferralRate

__all__ = [
    "Referral",
    "ReferralCount",
    "ReferralRate",
    "REPORTS",
    "Correction",
    "Document",
    "DocumentTerm",
    "Keeper",
    "Link",
    "Listing",
    "Record",
    "Reminder",
    "ReportCount",
    "Stale",
]
