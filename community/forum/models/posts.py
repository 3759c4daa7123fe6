"""Posts, their earlier versions, sources, reactions and mentions."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column, relationship

from community.accounts.models import Persona
from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key
from community.forum.models.topics import TITLE_MOST, Topic

NOTES = ("overdose", "death", "using", "self_harm", "violence", "police", "custody_child", "pregnancy_loss")
REACTIONS = ("helpful", "thanks", "lived", "evidence_please")
SOURCE_KINDS = ("doi", "pubmed", "guideline", "url")
VALID_MONTHS = 24


class Post(Base):
    """A message of a topic, as Markdown and as the safe HTML made of it when it was written."""

    __tablename__ = "post"
    __table_args__ = (
        UniqueConstraint("topic_id", "number"),
        CheckConstraint("state IN ('shown','withdrawn','hidden')", name="state"),
        CheckConstraint("basis IN ('','evidence','experience')", name="basis"),
        Index("ix_post_author_created", "author_id", "created_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"))
    number: Mapped[int]
    author_id: Mapped[str] = mapped_column(ForeignKey("persona.id"))
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    html_version: Mapped[int]
    lang: Mapped[str] = mapped_column(String(2))
    basis: Mapped[str] = mapped_column(String(10), default="")
    note: Mapped[str] = mapped_column(String(120), default="")  # content notes, comma-separated codes
    state: Mapped[str] = mapped_column(String(9), default="shown")
    # Hidden until a moderator has looked at it; its author reads it meanwhile.
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    edited_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Rises with each edit; a form carries it, so that a stale edit is told.
    version: Mapped[int] = mapped_column(default=1)
    # Accepted answer: who kept it, where it holds, until when, and what replaced it.
    accepted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_by: Mapped[str | None] = mapped_column(String(22))
    jurisdiction: Mapped[str | None] = mapped_column(String(2))
    valid_until: Mapped[date | None]
    superseded_by: Mapped[int | None] = mapped_column(ForeignKey("post.id"))
    helpful_count: Mapped[int] = mapped_column(default=0)
    thanks_count: Mapped[int] = mapped_column(default=0)
    lived_count: Mapped[int] = mapped_column(default=0)
    evidence_please_count: Mapped[int] = mapped_column(default=0)
    # Rises with every change of its files, so that kept pages see it; 0: it never had any.
    files: Mapped[int] = mapped_column(default=0, server_default="0")
    imported_from: Mapped[str | None] = mapped_column(String(120), unique=True)

    topic: Mapped[Topic] = relationship(lazy="raise")
    author: Mapped[Persona] = relationship(lazy="raise")
    sources: Mapped[list[PostSource]] = relationship(
        lazy="raise", cascade="all, delete-orphan", order_by="PostSource.position"
    )

    @property
    def notes(self) -> list[str]:
        """The codes of the content notes the text is folded under."""
        return [code for code in self.note.split(",") if code]


class Revision(Base):
    """What a post said before an edit."""

    __tablename__ = "revision"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    # What the topic was called then, where this is its first post.
    title: Mapped[str | None] = mapped_column(String(TITLE_MOST))
    # What its case said then, in codes by the name of their list, where this is the first post of one.
    facts: Mapped[dict[str, str] | None] = mapped_column(JSON(none_as_null=True))
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class PostSource(Base):
    """Where a statement comes from: a DOI, a PubMed id, a guideline, an address."""

    __tablename__ = "post_source"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(10))
    ref: Mapped[str] = mapped_column(String(300))
    label: Mapped[str] = mapped_column(String(300), default="")


class Reaction(Base):
    """Helpful, thank you, I have lived this, evidence please: one of each per persona and post."""

    __tablename__ = "reaction"
    __table_args__ = WITHOUT_ORDER

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True)
    kind: Mapped[str] = mapped_column(String(16), primary_key=True)


class Mention(Base):
    """A persona that a post names with @; kept so that it can be told."""

    __tablename__ = "mention"

    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(
        ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True, index=True
    )
