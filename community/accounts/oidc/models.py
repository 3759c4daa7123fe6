"""Which sign-in elsewhere opens which account. Account side; private to ``accounts``."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import WITHOUT_ORDER, Base
from community.core.ids import new_key


class LinkedSignIn(Base):
    """Somebody whom a provider knows, and the member they are here.

    Of what the provider says, nothing is kept but a keyed hash of the name it has for them.
    """

    __tablename__ = "linked_sign_in"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str] = mapped_column(String(255))
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    linked_on: Mapped[date] = mapped_column(default=clock.today)
