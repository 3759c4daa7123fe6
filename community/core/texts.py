"""The site's own long pages (charter, privacy, limits …), written as Markdown in both languages."""

from __future__ import annotations

from pathlib import Path

from flask_babel import lazy_gettext as _l

from community.core.store import settings
from community.core.text import render

FOLDER = Path(__file__).parent / "texts"
PAGES = ("charter", "privacy", "limits", "accessibility", "names", "overdose", "leaving")


# Outside production, where the operator must name somebody before the start.
NOT_NAMED = _l("(This demonstration has nobody in charge.)")


def text_page(name: str, lang: str) -> tuple[str, str]:
    """Title and HTML of a text page in a language. :raises KeyError: there is no such page."""
    if name not in PAGES:
        raise KeyError(name)
    title, _, body = (FOLDER / f"{name}.{lang}.md").read_text(encoding="utf-8").partition("\n")
    # The page gives the h1; the text's own sections become h2, one level above what members write.
    html = render(body.replace("{person_in_charge}", settings().privacy_contact or str(NOT_NAMED)))
    for level in (4, 5, 6):
        html = html.replace(f"<h{level}>", f"<h{level - 2}>").replace(f"</h{level}>", f"</h{level - 2}>")
    return title.removeprefix("#").strip(), html
