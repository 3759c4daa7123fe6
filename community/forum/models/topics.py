"""Topics: questions, cases, discussions, announcements."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, false, text
from sqlalchemy.orm import Mapped, mapped_column, query_expression, relationship

from community.accounts.models import Persona
from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key
from community.forum.models.spaces import Space

TOPIC_KINDS = ("question", "case", "discussion", "announcement")
# Whose author waits for an answer: a case is a question about a situation.
ASKING = ("question", "case")
LEVELS = ("patient", "person", "provider", "system")
TITLE_LEAST, TITLE_MOST = 2, 300
# Without a value that is bound: PostgreSQL knows of no other that an index kept by it serves a statement.
_WAITS = text("answered_at IS NULL AND imported_from IS NULL")


class Topic(Base):
    """A thread. It lives in one space and may carry the other axis (a region or a theme).

    The counters are kept by the services that change posts; ``check`` recounts them.
    """

    __tablename__ = "topic"
    __table_args__ = (
        CheckConstraint("kind IN ('question','discussion','announcement','case')", name="kind"),
        CheckConstraint("level IN ('','patient','person','provider','system')", name="level"),
        CheckConstraint("state IN ('open','closed','withdrawn','hidden')", name="state"),
        Index("ix_topic_last", "last_post_at", "id"),
        Index("ix_topic_space_last", "space_id", "last_post_at", "id"),
        Index("ix_topic_region_last", "region", "last_post_at", "id"),
        Index("ix_topic_theme_last", "theme", "last_post_at", "id"),
        Index("ix_topic_unanswered", "kind", "answered_at", "created_at", "id"),
        # The queue in its order, whatever the kind: PostgreSQL read every question that waits to sort them.
        Index("ix_topic_waiting", "created_at", "id", postgresql_where=_WAITS, sqlite_where=_WAITS),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(String(22), unique=True, default=new_key)
    space_id: Mapped[int] = mapped_column(ForeignKey("space.id"))
    region: Mapped[str | None] = mapped_column(String(8))
    theme: Mapped[str | None] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(12))
    level: Mapped[str] = mapped_column(String(8), default="")
    lang: Mapped[str] = mapped_column(String(2))
    title: Mapped[str] = mapped_column(String(TITLE_MOST))
    author_id: Mapped[str] = mapped_column(ForeignKey("persona.id"), index=True)
    state: Mapped[str] = mapped_column(String(9), default="open")
    # Hidden with its first message, which waits for a moderator; its author reads it meanwhile.
    held: Mapped[bool] = mapped_column(default=False, server_default=false())
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    last_post_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # Highest number given to a post; numbers are never reused.
    last_number: Mapped[int] = mapped_column(default=0)
    # Posts that are shown, the first one included.
    post_count: Mapped[int] = mapped_column(default=0)
    # First shown post by somebody other than the asker; a question or case without one is unanswered.
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    accepted_count: Mapped[int] = mapped_column(default=0)
    # Earliest end of validity among accepted answers: lists say "past its review date".
    review_by: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # Content notes of the first post, comma-separated codes: lists fold by them.
    note: Mapped[str] = mapped_column(String(120), default="")
    imported_from: Mapped[str | None] = mapped_column(String(120), unique=True)

    space: Mapped[Space] = relationship(lazy="raise")
    author: Mapped[Persona] = relationship(lazy="raise")
    # Of lists alone (queries.last_writer): the kind of name that wrote last; None where nobody asked for it.
    last_kind: Mapped[str | None] = query_expression()

    @property
    def asks(self) -> bool:
        """Whether its author waits for an answer."""
        return self.kind in ASKING

    @property
    def open(self) -> bool:
        """Whether replies are taken."""
        return self.state == "open"


class TopicGuest(Base):
    """A persona invited into one topic of a space that would not admit it otherwise."""

    __tablename__ = "topic_guest"

    topic_id: Mapped[int] = mapped_column(ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True)
    persona_id: Mapped[str] = mapped_column(
        ForeignKey("persona.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    invited_by: Mapped[str] = mapped_column(String(22))


class TopicKin(Base):
    """A topic whose messages stood in another one, or took some of it: they may still quote each other."""

    __tablename__ = "topic_kin"
    __table_args__ = WITHOUT_ORDER

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
    kin: Mapped[str] = mapped_column(String(22), index=True)  # the same for all of them, random


class ClosedTopic(Base):
    """A hidden topic that takes no replies once it is shown again: who closed it before is not overruled."""

    __tablename__ = "topic_closed"
    __table_args__ = WITHOUT_ORDER

    topic_id: Mapped[int] = mapped_column(
        ForeignKey("topic.id", ondelete="CASCADE"), primary_key=True, autoincrement=False
    )
