"""What a person may take along and what is let go of: each domain says it of its own tables.

A domain registers in its ``archive.py``, called from ``init_app``. A part of a persona is given a
persona id and a part of an account a member id; nothing here is ever given both, and no archive holds
what belongs to the other side (ARCHITECTURE section 3).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

Row = dict[str, Any]
Rows = dict[str, list[Row]]
Read = Callable[[str], Rows]
Load = Callable[[str, Rows], int]
Leave = Callable[[str, bool], None]
Files = Callable[[str], Iterable[tuple[str, bytes]]]


@dataclass(frozen=True)
class Part:
    """What one domain holds of a persona, or of an account.

    ``load`` puts rows of such an archive into a community that lacks them, and says how many; without
    it they only make sense where they come from.
    """

    name: str
    rows: Read
    load: Load | None = None


_personas: dict[str, Part] = {}
_accounts: dict[str, Part] = {}
_erasers: dict[str, Leave] = {}
_files: dict[str, Files] = {}


def part(name: str, rows: Read, load: Load | None = None) -> None:
    """Have something of a persona put into its archive.

    :param rows: of a persona id, what it wrote or chose, as lists of rows by the name of their list. Of
        others only what the persona was shown: a key, never words.
    """
    _personas[name] = Part(name, rows, load)


def files(name: str, read: Files) -> None:
    """Have files of a persona put into its archive beside the rows.

    :param read: of a persona id, each file with the name under which a row of the part has it, in a column
        called ``file``. Where the part is loaded, that row brings the bytes in a column ``content``.
    """
    _files[name] = read


def account_part(name: str, rows: Read) -> None:
    """Have something of an account put into its archive. No row names a persona."""
    _accounts[name] = Part(name, rows)


def eraser(name: str, leave: Leave) -> None:
    """Have something let go of when a persona leaves: ``leave(persona_id, keep)`` in the open transaction.

    With ``keep``, what it wrote stays under "former member", and what it chose for itself goes all the
    same; without, both go. It may be called twice.
    """
    _erasers[name] = leave


def parts() -> list[Part]:
    """The parts of a persona's archive, in the order in which the domains named them."""
    return list(_personas.values())


def of_persona(persona_id: str) -> dict[str, Rows]:
    """Everything a persona wrote or chose, as plain values, by part and list."""
    return _read(_personas, persona_id)


def files_of(persona_id: str) -> dict[str, bytes]:
    """The files of a persona, by the names its rows have them under."""
    return {name: content for read in _files.values() for name, content in read(persona_id)}


def of_account(member_id: str) -> dict[str, Rows]:
    """Everything kept of an account, as plain values, by part and list."""
    return _read(_accounts, member_id)


def _read(parts: dict[str, Part], whose: str) -> dict[str, Rows]:
    return {
        name: {
            table: [{column: plain(value) for column, value in row.items()} for row in rows]
            for table, rows in one.rows(whose).items()
        }
        for name, one in parts.items()
    }


def leave(persona_id: str, *, keep: bool) -> None:
    """Let every domain let go of a persona, the last that was added first: upper ones point downwards."""
    for let_go in reversed(_erasers.values()):
        let_go(persona_id, keep)


def plain(value: Any) -> Any:
    """A value as JSON has it. :raises TypeError: it has no such form."""
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    if isinstance(value, dict):
        return {str(name): plain(one) for name, one in value.items()}
    if value is None or isinstance(value, (str, int, float, bool)):
        return value
    raise TypeError(f"an archive holds no {type(value).__name__}")
