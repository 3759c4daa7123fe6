"""The forum: spaces, topics, posts; who reads them, who answers, who is told."""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the forum into the application."""
    from community.accounts import audiences
    from community.forum.queries.members import admissions_of

    audiences.also_admits(admissions_of)
