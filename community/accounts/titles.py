"""What stands around a title: the code for a mailbox, who vouches for a learner, which institutions count.

All of it is on the side of the names: nothing here knows a member.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import WITHOUT_ORDER, Base, UtcDateTime


class MailboxCode(Base):
    """A code sent to an institutional mailbox. The address was used once, and is not kept."""

    __tablename__ = "mailbox_code"
    __table_args__ = WITHOUT_ORDER

    credential_id: Mapped[str] = mapped_column(
        ForeignKey("credential.id", ondelete="CASCADE"), primary_key=True
    )
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    institution_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)


class Vouching(Base):
    """A learner's title and the title of whoever is asked to vouch for it, or does."""

    __tablename__ = "vouching"
    __table_args__ = WITHOUT_ORDER

    credential_id: Mapped[str] = mapped_column(
        ForeignKey("credential.id", ondelete="CASCADE"), primary_key=True
    )
    by_id: Mapped[str] = mapped_column(ForeignKey("credential.id", ondelete="CASCADE"), index=True)


class Institution(Base):
    """A mail domain or a sign-in issuer that shows where somebody works or studies."""

    __tablename__ = "institution"
    __table_args__ = (CheckConstraint("kind IN ('domain','issuer')", name="kind"),)

    value: Mapped[str] = mapped_column(String(255), primary_key=True)
    kind: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(120))
    added_on: Mapped[date]
