"""What changed in the records of a service or an organization: which value, when, by which kind of hand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from community.directory.mending.spots import is_mendable

SIZE = 100  # changes of one page
_Json = dict[str, Any]
# Who changed something, as far as it is told: anything else is a file that was brought.
BY = ("keeper", "coordinator", "correction")
_UNTOLD = frozenset({"texts_as_of", "texts_in"})


@dataclass(frozen=True)
class Changed:
    """One change as its page tells it."""

    id: str
    day: str
    kind: str
    name: str
    part: str
    before: str
    after: str
    by: str  # keeper, coordinator, correction or import

    @property
    def can_be_undone(self) -> bool:
        """Whether those who keep the record may undo it from its history; texts of the other language and
        the safety of an address are changed where they stand."""
        return not self.part and is_mendable(self.kind, self.name)


def changes(document: _Json, page: int = 1) -> tuple[list[Changed], bool]:
    """A page of the changes of a public document, the last first, and whether there are more: withheld values
    are in none."""
    found = {one.id + one.part + one.name: one for one in _walk(document)}
    in_order = sorted(
        found.values(), key=lambda one: one.day
    )  # those of a day stay in the order of their list
    first = (page - 1) * SIZE
    return in_order[::-1][first : first + SIZE], len(in_order) > first + SIZE


def _walk(thing: _Json) -> Iterator[Changed]:
    for name, value in thing.items():
        below = [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, dict)]
        if name == "metadata":
            for one in below:
                yield from _told(one)
        elif name != "organization":  # that of a service has a page of its own
            for one in below:
                yield from _walk(one)


def _told(one: _Json) -> Iterator[Changed]:
    name = str(one.get("field_name") or "")
    if name in _UNTOLD:
        return
    by = str(one.get("updated_by") or "")
    told = {
        "id": str(one.get("id") or ""),
        "day": str(one.get("last_action_date") or "")[:10],
        "kind": str(one.get("resource_type") or ""),
        "by": by if by in BY else "import",
    }
    before, after = (str(one.get(side) or "") for side in ("previous_value", "replacement_value"))
    if name == "translations":
        yield from _texts(told, before, after)
    else:
        yield Changed(name=name, part="", before=before, after=after, **told)


def _texts(told: dict[str, str], before: str, after: str) -> Iterator[Changed]:
    """The texts of the other language, each by itself."""
    old, new = _read(before), _read(after)
    for lang in sorted({*old, *new} & {"en", "fr"}):
        was, now = old.get(lang) or {}, new.get(lang) or {}
        for name in sorted({*was, *now}):
            texts = [_words(one.get(name)) for one in (was, now)]
            if texts[0] != texts[1]:
                yield Changed(name=name, part=lang, before=texts[0], after=texts[1], **told)


def _read(value: str) -> dict[str, _Json]:
    try:
        found = json.loads(value) if value else {}
    except ValueError:  # it was longer than the history keeps
        return {}
    return (
        {lang: said for lang, said in found.items() if isinstance(said, dict)}
        if isinstance(found, dict)
        else {}
    )


def _words(said: Any) -> str:
    text = said.get("text") if isinstance(said, dict) else said
    return text if isinstance(text, str) else ""
