"""The files that a person may send with a message, each with the words for those who do not see it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import request
from wtforms import Field

from community.core.store import settings
from community.forum.attachments.intake import MOST, Sent
from community.forum.attachments.kinds import ACCEPTED
from community.forum.queries.attachments import KeptFile
from community.forum.queries.files import FileView

WAITING = "files_waiting"  # sent by a form that shows files kept with its draft
GONE, KEPT_GONE = "file_gone", "file_kept_gone"
MEGABYTE = 1024 * 1024


def largest() -> int:
    """How large a file may be, in bytes."""
    return settings().file_megabytes * MEGABYTE


class FileRows(Field):  # type: ignore[misc]
    """Rows for new files; those that wait with the draft, and those that the message has already.

    Nothing is read when the form is made: the view takes the files in (``views.attachments.receive``).
    """

    accepted = ACCEPTED

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self.kept: Sequence[KeptFile] = ()
        self.there: Sequence[FileView] = ()
        self.waiting = False  # whether files are to be sent with the message

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """A file field has no value to be shown again."""
        self.process_errors: list[str] = []
        self.data = None

    @property
    def free(self) -> list[int]:
        """The rows in which another file may be chosen."""
        taken = {one.position for one in self.kept}
        room = MOST - len(self.there) - len(taken)
        return [position for position in range(1, MOST + 1) if position not in taken][: max(room, 0)]

    @property
    def megabytes(self) -> int:
        """How large a file may be."""
        return settings().file_megabytes

    @property
    def bytes(self) -> int:
        """The same in bytes, for the script that says so before the file travels."""
        return largest()

    def sent(self) -> dict[int, Sent]:
        """The files that came with this request, by their row. One that is too large is read no further."""
        found = {}
        for position in range(1, MOST + 1):
            file = request.files.get(f"file_{position}")
            if file is not None and file.filename:
                content = file.stream.read(largest() + 1)
                alt = request.form.get(f"file_alt_{position}", "")
                found[position] = Sent(file.filename, file.mimetype or "", content, alt)
        return found

    def comes_with_files(self) -> bool:
        """Whether this request carries files, or is of a form that shows some that wait."""
        return WAITING in request.form or any(file.filename for file in request.files.values())

    def alt_typed(self, name: str, kept: str = "") -> str:
        """What was typed in the field for words, else what is kept."""
        return request.form.get(f"file_alt_{name}", kept) if request.method == "POST" else kept

    def ticked(self, name: str, value: object) -> bool:
        """Whether a box of this name and value was ticked in the form that came."""
        return request.method == "POST" and str(value) in request.form.getlist(name)


def kept_gone() -> set[int]:
    """The rows of the draft whose files are to go."""
    return {int(one) for one in request.form.getlist(KEPT_GONE) if one in {"1", "2", "3", "4"}}


def kept_alts(said: Any) -> dict[int, str]:
    """What was typed of pictures that wait, by their row. ``said``: the fields of a form."""
    typed = {position: said.get(f"file_alt_kept{position}") for position in range(1, MOST + 1)}
    return {position: words for position, words in typed.items() if isinstance(words, str)}


def gone() -> set[str]:
    """The keys of files that are to go from the message."""
    return set(request.form.getlist(GONE)[:MOST])


def alts(there: Sequence[FileView]) -> dict[str, str]:
    """What was typed of pictures that the message has, by their keys."""
    typed = {one.key: request.form.get(f"file_alt_{one.key}") for one in there}
    return {key: words for key, words in typed.items() if words is not None}
