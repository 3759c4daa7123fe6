"""Help lines: dated records with a source, by province, that administrators keep.

They are on every page, so each process keeps them and reads them again every half minute.
"""

from __future__ import annotations

import hashlib
import time
import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from sqlalchemy import JSON, String, select
from sqlalchemy.orm import Mapped, mapped_column

from community.core import clock
from community.core.db import Base, db
from community.core.i18n import current_language
from community.core.ids import new_key

DATA = Path(__file__).parent / "data" / "help_lines.toml"
EVERYWHERE = "*"
ON_EVERY_PAGE = ("emergency", "suicide", "overdose", "health", "drugs")
_KEPT_SECONDS = 30.0
# As for services of the directory: who keeps the lines is reminded, then readers are told.
CALL_AGAIN, OLD = timedelta(days=150), timedelta(days=180)


class HelpLine(Base):
    """A number that someone in danger can call, and where it answers."""

    __tablename__ = "help_line"

    id: Mapped[str] = mapped_column(String(40), primary_key=True, default=new_key)
    kind: Mapped[str] = mapped_column(String(12))
    position: Mapped[int] = mapped_column(default=500)
    regions: Mapped[list[str]] = mapped_column(JSON)  # province codes, or "*" for everywhere
    but: Mapped[list[str]] = mapped_column(JSON, default=list)  # … except these
    tel: Mapped[str] = mapped_column(String(20), default="")
    text: Mapped[str] = mapped_column(String(20), default="")
    shown_en: Mapped[str] = mapped_column(String(40), default="")
    shown_fr: Mapped[str] = mapped_column(String(40), default="")
    name_en: Mapped[str] = mapped_column(String(120))
    name_fr: Mapped[str] = mapped_column(String(120))
    says_en: Mapped[str] = mapped_column(String(400))
    says_fr: Mapped[str] = mapped_column(String(400))
    source: Mapped[str] = mapped_column(String(600))
    source_date: Mapped[date | None]
    checked: Mapped[date]
    status: Mapped[str] = mapped_column(String(60), default="")


FIELDS = tuple(column.key for column in HelpLine.__table__.columns)


@dataclass(frozen=True)
class Line:
    """A help line as pages show it in one language, free of the database."""

    id: str
    kind: str
    number: str
    href: str
    name: str
    text: str
    source: str
    checked_on: date
    called: bool
    old: bool  # not checked for half a year: it may have changed


_KEPT = "help_lines"  # in the application's extensions


@dataclass(frozen=True)
class _Kept:
    """The records as they were read, and what has been made of them since."""

    read_at: float
    records: tuple[dict[str, Any], ...]
    fingerprint: str
    first: dict[tuple[str, str], tuple[Line, ...]]  # by province and language


def _records() -> tuple[dict[str, Any], ...]:
    return _read().records


def fingerprint() -> str:
    """Changes when a line does: for what is kept of pages, as the lines are on each."""
    return _read().fingerprint


def _read() -> _Kept:
    kept: _Kept | None = current_app.extensions.get(_KEPT)
    if kept is None or not kept.records or time.monotonic() - kept.read_at > _KEPT_SECONDS:
        rows = db.session.scalars(select(HelpLine).order_by(HelpLine.position, HelpLine.id))
        records = tuple({name: getattr(row, name) for name in FIELDS} for row in rows)
        old = [record["id"] for record in records if _is_old(record, OLD)]
        name = hashlib.sha256(repr((records, old)).encode()).hexdigest()[:16]
        kept = current_app.extensions[_KEPT] = _Kept(time.monotonic(), records, name, {})
    return kept


def forget() -> None:
    """Read the lines anew at the next page (after a change)."""
    current_app.extensions.pop(_KEPT, None)


def _serves(record: dict[str, Any], province: str) -> bool:
    if province in record["but"]:
        return False
    return EVERYWHERE in record["regions"] or province in record["regions"]


def _line(record: dict[str, Any]) -> Line:
    lang = current_language()
    return Line(
        id=record["id"],
        kind=record["kind"],
        number=record[f"shown_{lang}"],
        href=f"tel:{record['tel']}" if record["tel"] else "",
        name=record[f"name_{lang}"],
        text=record[f"says_{lang}"],
        source=record["source"],
        checked_on=record["checked"],
        called=record["status"] == "called",
        old=_is_old(record, OLD),
    )


def _is_old(record: dict[str, Any], age: timedelta) -> bool:
    return bool(clock.today() - record["checked"] > age)


def to_call_again() -> int:
    """How many lines nobody has checked for five months."""
    return sum(_is_old(record, CALL_AGAIN) for record in _records())


def public_numbers() -> frozenset[str]:
    """The telephones of every line as ten digits: they are nobody's own."""
    digits = ("".join(filter(str.isdigit, record["tel"])) for record in _records())
    return frozenset(number[-10:] for number in digits if len(number) >= 10)


def lines_for(province: str) -> list[Line]:
    """Every line that answers in this province; only those for everywhere when it is empty."""
    return [_line(record) for record in _records() if _serves(record, province)]


def first_lines(province: str) -> tuple[Line, ...]:
    """What the panel on every page shows: danger, crisis, not alone, health, drugs."""
    made, name = _read().first, (province, current_language())
    if name not in made:
        found = [line for line in lines_for(province) if line.kind in ON_EVERY_PAGE]
        made[name] = tuple(sorted(found, key=lambda line: ON_EVERY_PAGE.index(line.kind)))
    return made[name]


def province_of(viewer: Any) -> str:
    """Where somebody looks for help: what they said of themselves; "" where nothing is known."""
    return (viewer.region or "")[:2] if viewer else ""


def load_lines() -> int:
    """Write the lines of the data file into an empty table. Returns how many."""
    if db.session.scalar(select(HelpLine.id).limit(1)):
        return 0
    records: list[dict[str, Any]] = tomllib.loads(DATA.read_text(encoding="utf-8"))["line"]
    for place, record in enumerate(records, start=1):
        known = {name: value for name, value in record.items() if name in FIELDS}
        db.session.add(HelpLine(position=place * 10, **known))
    forget()
    return len(records)
