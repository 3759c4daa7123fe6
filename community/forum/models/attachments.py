"""Files of messages, and those that wait with a draft. The bytes lie among the files of the site."""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, Date, ForeignKey, ForeignKeyConstraint, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key


class Attachment(Base):
    """A file of a message. Once that was withdrawn the row is empty: its address is known, and gone."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("kind IN ('png','jpeg','webp','pdf','text','csv')", name="kind"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    post_id: Mapped[int] = mapped_column(ForeignKey("post.id", ondelete="CASCADE"), index=True)
    position: Mapped[int]
    kind: Mapped[str] = mapped_column(String(4))
    name: Mapped[str] = mapped_column(String(120), default="")  # without its ending; "" where it is not kept
    alt: Mapped[str] = mapped_column(String(500), default="")
    size: Mapped[int]
    width: Mapped[int | None]
    height: Mapped[int | None]
    file: Mapped[str] = mapped_column(String(40), default="")
    small: Mapped[str] = mapped_column(String(40), default="")
    added_on: Mapped[date] = mapped_column(Date)


class DraftFile(Base):
    """A file that waits with a draft: its bytes and what is known of it are sealed, and go with the draft."""

    __tablename__ = "draft_file"
    __table_args__ = (
        ForeignKeyConstraint(
            ["persona_id", "place"], ["draft.persona_id", "draft.place"], ondelete="CASCADE"
        ),
        WITHOUT_ORDER,
    )

    persona_id: Mapped[str] = mapped_column(String(22), primary_key=True)
    place: Mapped[str] = mapped_column(String(90), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    file: Mapped[str] = mapped_column(String(40))
    small: Mapped[str] = mapped_column(String(40), default="")
    size: Mapped[int]
    added_on: Mapped[date] = mapped_column(Date)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)  # kind, name, alt, width, height
