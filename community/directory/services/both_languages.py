"""Texts that a row holds side by side in both languages, each with the day it was last written."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import lazy_gettext as _l

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.errors import Invalid
from community.core.publish import Text, before_publish
from community.core.tidy import tidy

LANGUAGES = ("en", "fr")


def write(viewer: Viewer, row: Any, said: Mapping[str, str], *, title: str) -> None:
    """Put texts into a row, ``{"name_en": …, "name_fr": …}``; each language that changed gets its day.

    :param title: the field of which one language at least is needed.
    :raises Invalid: it has neither, or a text may identify a person.
    """
    words = {field: tidy(text) for field, text in said.items()}
    if not any(words[f"{title}_{lang}"] for lang in LANGUAGES):
        raise Invalid(f"{title}_{viewer.lang}", _l("Write it in one language at least."))
    for field, text in words.items():
        before = getattr(row, field) or ""
        before_publish(Text("directory", field, text, field[-2:], viewer.persona_id, before=before))
    for field, text in words.items():
        if (getattr(row, field) or "") != text:
            setattr(row, field, text)
            setattr(row, f"words_{field[-2:]}_on", clock.today())
