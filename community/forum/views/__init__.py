"""The forum's pages, one file per noun, all on one blueprint under /fr and /en."""

from __future__ import annotations

from flask import Blueprint

from community.core.i18n import page_blueprint

bp = page_blueprint("forum", __name__)
# Addresses without a language: what texts hold that are read in both.
bare = Blueprint("said", __name__)
