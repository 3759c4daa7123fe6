"""How small acts and failed forms are answered in the forum: as everywhere."""

from __future__ import annotations

from community.core.answers import Page, done, form_page, made_once

__all__ = ["Page", "done", "form_page", "made_once"]
