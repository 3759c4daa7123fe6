"""The site's own long pages (charter, privacy, limits …), written as Markdown in both languages."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from community.core.text import render

FOLDER = Path(__file__).parent / "texts"
PAGES = ("charter", "privacy", "limits", "accessibility", "names", "overdose", "leaving")


@lru_cache(maxsize=32)
def text_page(name: str, lang: str) -> tuple[str, str]:
    """Title and HTML of a text page in a language. :raises KeyError: there is no such page."""
    if name not in PAGES:
        raise KeyError(name)
    title, _, body = (FOLDER / f"{name}.{lang}.md").read_text(encoding="utf-8").partition("\n")
    # The page gives the h1; the text's own sections become h2, one level above what members write.
    html = render(body)
    for level in (4, 5, 6):
        html = html.replace(f"<h{level}>", f"<h{level - 2}>").replace(f"</h{level}>", f"</h{level - 2}>")
    return title.removeprefix("#").strip(), html
