"""The hook that stands between every form, import or API and storage.

The patient-privacy guard and moderation hang here: a check may refuse a text (``Invalid``) or let
it pass. Services that store what people write call :func:`before_publish` first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

AN_ADDRESS = frozenset({"address"})  # what a field is for that says where one goes


@dataclass(frozen=True)
class Text:
    """What is about to be stored where others read it."""

    place: str  # "post", "topic", "profile", …
    field: str
    words: str
    lang: str
    author_id: str | None
    imported: bool = False
    before: str = ""  # what stood there: what its author kept then is not asked again
    # Kinds of findings that are what the field is for: the address of a service in that of an address.
    asked_for: frozenset[str] = frozenset()


Check = Callable[[Text], None]
_checks: list[Check] = []


def check_before_publish(check: Check) -> Check:
    """Have a function asked before anything is stored; it raises ``Invalid`` to refuse."""
    if check not in _checks:
        _checks.append(check)
    return check


def before_publish(*texts: Text) -> None:
    """Ask every check about every text. :raises Invalid: one refuses."""
    for text in texts:
        for check in _checks:
            check(text)
