"""The tables of the directory."""

from __future__ import annotations

from community.directory.models.arrangements import (
    Arrangement,
    ArrangementChange,
    ArrangementRegion,
    ArrangementService,
)
from community.directory.models.groups import Group, GroupMeeting, GroupMember, GroupMinutes, GroupRegion
from community.directory.models.keeping import REPORTS, Correction, Keeper, Reminder, ReportCount
from community.directory.models.links import JointWork, LinkRegion, OrganizationLink
from community.directory.models.listing import Listing
from community.directory.models.records import Document, DocumentTerm, FileValue, Link, Record, Stale
from community.directory.models.referrals import Referral, ReferralCount, ReferralRate
from community.directory.models.together_changes import TogetherChange
from community.directory.models.training import Training
from community.directory.models.unmet import Unmet

__all__ = [
    "REPORTS",
    "Arrangement",
    "ArrangementChange",
    "ArrangementRegion",
    "ArrangementService",
    "Correction",
    "Document",
    "DocumentTerm",
    "FileValue",
    "Group",
    "GroupMeeting",
    "GroupMember",
    "GroupMinutes",
    "GroupRegion",
    "JointWork",
    "Keeper",
    "Link",
    "LinkRegion",
    "Listing",
    "OrganizationLink",
    "Record",
    "Referral",
    "ReferralCount",
    "ReferralRate",
    "Reminder",
    "ReportCount",
    "Stale",
    "TogetherChange",
    "Training",
    "Unmet",
]
