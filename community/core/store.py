"""What an administrator changes while the site runs, and a few facts the program keeps of itself."""

from __future__ import annotations

from typing import Any

from flask import current_app
from sqlalchemy import JSON, String
from sqlalchemy.orm import Mapped, mapped_column

from community.core.db import Base, db
from config import Settings


class Stored(Base):
    """A named value: the fingerprint of the key file, a switch, the name of the person in charge."""

    __tablename__ = "stored"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)


def get(name: str, default: Any = None) -> Any:
    """The stored value, or ``default``."""
    row = db.session.get(Stored, name)
    return default if row is None else row.value


def put(name: str, value: Any) -> None:
    """Store a value in the open transaction."""
    db.session.merge(Stored(name=name, value=value))


def settings() -> Settings:
    """The settings of this process (see ``config.py``)."""
    found: Settings = current_app.extensions["settings"]
    return found
