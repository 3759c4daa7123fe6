"""The published figures of how soon answers come: the same for everybody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from community.core.db import db
from community.routing.models import AnswerMonth

SHOWN = 12


@dataclass(frozen=True)
class Figures:
    """The months of a theme and the themes of the last month, both as published."""

    months: Sequence[AnswerMonth]
    themes: Sequence[AnswerMonth]

    @property
    def last(self) -> AnswerMonth | None:
        """The month published last."""
        return self.months[-1] if self.months else None

    @property
    def any(self) -> bool:
        """Whether one figure of these months may be shown."""
        return any(row.questions is not None for row in self.months)


def figures(theme: str) -> Figures:
    """The last twelve months of this theme ("all" for all of them), the oldest first."""
    rows = select(AnswerMonth).where(AnswerMonth.theme == theme).order_by(AnswerMonth.month.desc())
    months = list(reversed(db.session.scalars(rows.limit(SHOWN)).all()))
    last = select(func.max(AnswerMonth.month)).scalar_subquery()
    themes = db.session.scalars(select(AnswerMonth).where(AnswerMonth.month == last)).all()
    return Figures(months, themes)


def everything() -> Sequence[AnswerMonth]:
    """Every published row, the newest month first."""
    rows = select(AnswerMonth).order_by(AnswerMonth.month.desc(), AnswerMonth.theme)
    return db.session.scalars(rows).all()


def months_published() -> list[date]:
    """Which months are out."""
    return list(db.session.scalars(select(AnswerMonth.month).distinct().order_by(AnswerMonth.month)))
