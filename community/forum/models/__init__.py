"""The tables of the forum, one file per noun. Other tables point at personas, never at members."""

from __future__ import annotations

from community.forum.models.attachments import Attachment, DraftFile
from community.forum.models.cases import Case
from community.forum.models.committees import Committee, Decision, Meeting
from community.forum.models.guard import Declaration
from community.forum.models.notes import OpenNote
from community.forum.models.posts import Mention, Post, PostSource, Reaction, Revision
from community.forum.models.reading import Bookmark, Draft, Follow, Reading
from community.forum.models.reports import Report
from community.forum.models.spaces import Space, SpaceAudience, SpaceCharter, SpaceMember
from community.forum.models.topics import ClosedTopic, Topic, TopicGuest, TopicKin

__all__ = [
    "ClosedTopic",
    "Attachment",
    "Bookmark",
    "Case",
    "Committee",
    "Decision",
    "Declaration",
    "Draft",
    "DraftFile",
    "Follow",
    "Meeting",
    "Mention",
    "OpenNote",
    "Post",
    "PostSource",
    "Reaction",
    "Reading",
    "Report",
    "Revision",
    "Space",
    "SpaceAudience",
    "SpaceCharter",
    "SpaceMember",
    "Topic",
    "TopicGuest",
    "TopicKin",
]
