"""words a community was started with are brought up to date where nobody changed them

Revision: 3d5f2b8c0e30, after 3d5f2b8c0e29
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "3d5f2b8c0e30"
down_revision = "3d5f2b8c0e29"
branch_labels = None
depends_on = None

# Table, the column that says which row, which one, the column of the words, those of before, those of now.
WORDS = (
    (
        *("space", "slug", "meeting-place", "description_fr"),
        "Le public, les personnes ayant une expérience vécue, les professionnels et les équipes de "
        "politiques établissent ensemble des priorités.",
        "Le public, les personnes ayant une expérience vécue, les professionnelles et professionnels et les "
        "équipes de politiques établissent ensemble des priorités.",
    ),
    (
        *("space", "slug", "lived-experience", "description_fr"),
        "Pour les personnes qui consomment ou ont consommé, et leurs proches. Les professionnels n’y "
        "viennent que sur invitation.",
        "Pour les personnes qui consomment ou ont consommé, et leurs proches. Les professionnelles et "
        "professionnels n’y viennent que sur invitation.",
    ),
    (
        *("reason_text", "code", "advice-unsafe", "words_fr"),
        "Ce conseil pourrait mettre quelqu’un en danger : il donne une dose, un mélange ou une façon "
        "d’arrêter sans l’aide qu’il faut. Dites sur quoi il repose et ce qui pourrait mal tourner.",
        "Ce conseil pourrait mettre quelqu’un en danger\u00a0: il donne une dose, un mélange ou une façon "
        "d’arrêter sans l’aide qu’il faut. Dites sur quoi il repose et ce qui pourrait mal tourner.",
    ),
    (
        *("reason_text", "code", "looked-fine", "words_fr"),
        "Quelqu’un l’a lu : ce message respecte la charte. Il est montré à toutes les personnes qui lisent "
        "cet espace.",
        "Quelqu’un l’a lu\u00a0: ce message respecte la charte. Il est montré à toutes les personnes qui "
        "lisent cet espace.",
    ),
    ("help_line", "id", "911", "shown_en", "9-1-1", "911"),
)


def upgrade() -> None:
    """Write the words of now where those of before stand unchanged; a second run finds none."""
    for table, key, one, column, before, now in WORDS:
        row = sa.table(table, sa.column(key), sa.column(column))
        there = (row.c[key] == one) & (row.c[column] == before)
        op.execute(sa.update(row).where(there).values({column: now}))
