"""Testimonies: texts that nobody's name, account, address or hour is kept with.

The row points at nobody, and nobody at it. What says when it was written is a day, and is forgotten once
somebody has accepted it; what says when it was shown is a month.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import CheckConstraint, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key

# From the most protected on; the first is what nobody has to choose.
AUDIENCES = ("lived", "member", "everyone")
STATES = ("waiting", "accepted", "shown", "hidden", "withdrawn")
REASONS = ("identifies", "dealing", "contempt", "advice", "no_testimony")


class Testimony(Base):
    """What somebody lived, in their own words.

    ``waiting`` for somebody who looks; ``accepted`` until its day comes; ``shown``; ``hidden`` by a
    moderator; ``withdrawn``, of which only the address is left, and only where everybody knew it.
    """

    __tablename__ = "testimony"
    __table_args__ = (
        CheckConstraint("audience IN ('lived','member','everyone')", name="audience"),
        CheckConstraint("state IN ('waiting','accepted','shown','hidden','withdrawn')", name="state"),
        WITHOUT_ORDER,
    )

    key: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    # The hash of the code that takes it back, sealed; empty once it was taken back.
    sealed: Mapped[str] = mapped_column(String(200), default="")
    body: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text)
    lang: Mapped[str] = mapped_column(String(2))
    note: Mapped[str] = mapped_column(String(120), default="")  # content notes, comma-separated codes
    audience: Mapped[str] = mapped_column(String(8), default="lived")
    state: Mapped[str] = mapped_column(String(9), default="waiting", index=True)
    # Its words sound as if somebody may be in danger: it is looked at before the others.
    first: Mapped[bool] = mapped_column(default=False, server_default=false())
    # They sound as if something were sold or sought: whoever looks is told, while it waits.
    dealing: Mapped[bool] = mapped_column(default=False, server_default=false())
    written_on: Mapped[date | None]  # while it waits
    due_on: Mapped[date | None]  # while it is accepted and not shown: a day drawn by chance
    month: Mapped[str] = mapped_column(String(7), default="")  # in which it was shown: 2026-11

    @property
    def notes(self) -> list[str]:
        """The codes of the content notes the text is folded under."""
        return [code for code in self.note.split(",") if code]


class TestimonyCount(Base):
    """How many testimonies of a year ended in one way: shown, refused for a reason, withdrawn, lapsed."""

    __tablename__ = "testimony_count"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    outcome: Mapped[str] = mapped_column(String(24), primary_key=True)
    count: Mapped[int] = mapped_column(default=0)
