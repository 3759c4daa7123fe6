"""The hook that stands between every form, import or API and storage.

The patient-privacy guard and moderation hang here: a check may refuse a text (``Invalid``) or let
it pass. Services that store what people write call :func:`before_publish` first.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


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
