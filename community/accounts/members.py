"""The account side: who signs in. Private to ``accounts``: nothing else may import it.

Flask-Security names these classes (User, Role); in this community a User row is a *member*. No
column here holds anything of a persona; the only bridge is the vault. Times are kept to the hour.
"""

from __future__ import annotations

from datetime import date, datetime

from flask_security import RoleMixin, UserMixin
from sqlalchemy import Boolean, ForeignKey, LargeBinary, String
from sqlalchemy.engine import Dialect
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import WITHOUT_ORDER, Base, UtcDateTime
from community.core.ids import new_key


class UtcHour(UtcDateTime):
    """A moment cut to the hour, so that no act of a persona can be matched to it."""

    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Cut minutes and below."""
        if value is not None:
            value = value.replace(minute=0, second=0, microsecond=0)
        return super().process_bind_param(value, dialect)


class Role(Base, RoleMixin):
    """Asked for by Flask-Security; duties live on personas, so this table stays empty."""

    __tablename__ = "account_role"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(80), unique=True)


class User(Base, UserMixin):
    """A member: a person with an account. The address may be absent."""

    __tablename__ = "member"
    __table_args__ = WITHOUT_ORDER

    # The library takes ids of any kind and absent addresses; its annotations only know the usual ones.
    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)  # type: ignore[assignment]
    email: Mapped[str | None] = mapped_column(String(255), unique=True)  # type: ignore[assignment]
    # What an account without an address signs in with: drawn by the site, shown to nobody but its owner.
    username: Mapped[str | None] = mapped_column(String(80), unique=True)
    password: Mapped[str | None] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(Boolean, default=True)
    # Changes with the password: every older session ends.
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcHour)
    joined_at: Mapped[datetime] = mapped_column(UtcHour, default=clock.this_hour)
    # The language mail is written in: that of the page on which the person joined.
    lang: Mapped[str] = mapped_column(String(2), default="fr")
    # For how many minutes a session of theirs may lie idle; as ``idleness`` says where nothing was chosen.
    idle_minutes: Mapped[int | None]
    # The name asked for while joining, sealed and of one length; gone once the address is confirmed.
    wish: Mapped[bytes | None] = mapped_column(LargeBinary(800))

    @property
    def roles(self) -> list[RoleMixin]:  # type: ignore[override]
        """None: duties belong to personas."""
        return []


class SignIn(Base):
    """One signed-in browser: knows the member, to the hour, and never the persona."""

    __tablename__ = "sign_in"
    __table_args__ = WITHOUT_ORDER

    id_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    since: Mapped[datetime] = mapped_column(UtcHour)
    ends_at: Mapped[datetime] = mapped_column(UtcHour)
    # The family of the browser and of the system, for its owner to recognize it; no version, no address.
    device: Mapped[str] = mapped_column(String(24), default="", server_default="")


class Consent(Base):
    """What a member agreed to: one purpose, the version of the text, its language, when."""

    __tablename__ = "consent"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(20))  # charter, age, notifications, research
    text_version: Mapped[str] = mapped_column(String(20))
    lang: Mapped[str] = mapped_column(String(2))
    given_at: Mapped[datetime] = mapped_column(UtcHour)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcHour)


class RescueCode(Base):
    """One of the codes that let a member set a new password without any mail; gone once it was used."""

    __tablename__ = "rescue_code"
    __table_args__ = WITHOUT_ORDER

    code_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)


class Passkey(Base):
    """A key that a device or a password manager of a member holds; here is its public half."""

    __tablename__ = "passkey"
    __table_args__ = WITHOUT_ORDER

    id: Mapped[str] = mapped_column(String(22), primary_key=True, default=new_key)
    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), index=True)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary(1023), unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary(2000))
    # How often it was used, where the device counts; most say 0 for ever.
    uses: Mapped[int] = mapped_column(default=0)
    label: Mapped[str] = mapped_column(String(60))  # what its owner calls it
    added_on: Mapped[date] = mapped_column(default=clock.today)


class Authenticator(Base):
    """The app on which a member reads codes. The secret and the last code used are sealed."""

    __tablename__ = "authenticator"
    __table_args__ = WITHOUT_ORDER

    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary(200))
    added_on: Mapped[date] = mapped_column(default=clock.today)


class KnownDevice(Base):
    """A kind of browser that a member has signed in with: another one is told of by mail."""

    __tablename__ = "known_device"
    __table_args__ = WITHOUT_ORDER

    member_id: Mapped[str] = mapped_column(ForeignKey("member.id", ondelete="CASCADE"), primary_key=True)
    device: Mapped[str] = mapped_column(String(24), primary_key=True)
    seen_on: Mapped[date] = mapped_column(default=clock.today)


class UsedChallenge(Base):
    """What a passkey was asked to sign, once it did: it is taken once. Belongs to nobody."""

    __tablename__ = "used_challenge"
    __table_args__ = WITHOUT_ORDER

    challenge_hash: Mapped[str] = mapped_column(String(64), primary_key=True)
    used_on: Mapped[date] = mapped_column(default=clock.today)
