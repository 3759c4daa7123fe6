"""Tables as CSV that no spreadsheet takes for formulas (RFC 4180, with a byte order mark). Pure.

A text that a spreadsheet would compute is given an apostrophe in front, and so is one that begins with
an apostrophe, so that :func:`read` gives back what was written. Numbers stay numbers.
"""

from __future__ import annotations

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from typing import Any

from community.core.archives import Row

_MARK = "\ufeff"
_STARTS = frozenset("=+-@\t\r\n\u2212")
_QUOTES = frozenset("'\"`´‘’‚‛“”„‟«»‹›")


def written(rows: Sequence[Row]) -> bytes:
    """Rows as a CSV file: the names of their columns, then one line each."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    page = io.StringIO(newline="")
    lines = csv.writer(page, lineterminator="\r\n")
    lines.writerow([harmless(name) for name in columns])
    lines.writerows([harmless(row.get(name)) for name in columns] for row in rows)
    return (_MARK + page.getvalue()).encode("utf-8")


def read(content: bytes) -> list[dict[str, str]]:
    """The cells of such a file as texts, each as it was before it was made harmless."""
    lines = csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    columns = [_back(cell) for cell in next(lines, [])]
    return [dict(zip(columns, map(_back, line), strict=True)) for line in lines]


def harmless(value: Any) -> str:
    """A value as the text of a cell that is not computed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (int, float)):
        return str(value)
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)
    return f"'{text}" if text.startswith("'") or _would_be_computed(text) else text


def _would_be_computed(text: str) -> bool:
    """Whether what begins the text, once what spreadsheets overlook is gone, begins a formula."""
    for character in text:
        if character in _STARTS:
            return True
        plain = unicodedata.normalize("NFKC", character)[:1]
        if plain in _STARTS:
            return True
        if not _overlooked(character):
            return False
    return False


def _overlooked(character: str) -> bool:
    category = unicodedata.category(character)
    return character.isspace() or character in _QUOTES or category in {"Cc", "Cf", "Mn", "Zs", "Zl", "Zp"}


def _back(cell: str) -> str:
    return cell[1:] if cell.startswith("'") else cell
