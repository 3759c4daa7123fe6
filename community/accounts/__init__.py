"""Members and trust: who signs in, the names they write under, and the vault between the two."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire accounts into the application."""
