"""The pages of conversations, all on one blueprint under /fr and /en."""

from __future__ import annotations

from community.core.i18n import page_blueprint

bp = page_blueprint("conversations", __name__)
