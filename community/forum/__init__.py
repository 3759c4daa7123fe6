"""Spaces, topics and posts: where people ask, answer, and find it again.

``permissions`` says who may, ``services`` do it, ``queries`` read it, ``views`` show it.
"""

from __future__ import annotations

import pkgutil
from importlib import import_module

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire the forum into the application: its pages, its places in the menu, whom spaces admit."""
    from community.accounts import audiences
    from community.core import beginnings, panels
    from community.core.later import CommandsLater
    from community.forum import archive, case_words, guard, menu, views, words
    from community.forum.queries import own_rows
    from community.forum.queries.members import admitted_by, memberships, memberships_end
    from community.forum.services.spaces import load_first_spaces

    for door in ("jobs", "receivers"):  # so that the clock and the announcements find them
        import_module(f"community.forum.{door}")
    pages = [import_module(f"{views.__name__}.{page.name}") for page in pkgutil.iter_modules(views.__path__)]
    for page in pages:
        if hasattr(page, "init_app"):  # it also fills places on pages of lower domains
            page.init_app()
    app.register_blueprint(views.bp)
    app.register_blueprint(views.bare)
    app.jinja_env.globals["forum_words"] = words
    app.jinja_env.globals["case_facts"] = case_words.case_facts
    app.jinja_env.filters["stamp"] = words.stamp
    own_rows.watch()
    audiences.also_admits(memberships, admitted_by, memberships_end)
    beginnings.at_setup("spaces", load_first_spaces)
    app.cli.add_command(CommandsLater("forum", "Discussions of the community.", "community.forum.cli"))
    guard.init_app(app)
    archive.register()
    _operations()
    panels.add("menu", menu.places, order=10)


def _operations() -> None:
    """What must hold of topics and posts."""
    from community.core import sealing
    from community.forum import checks
    from community.forum.services import attachments, drafts, erased_again, lonely_files
    from community.operations import backup, retention
    from community.operations import checks as every_check

    every_check.add("numbers of posts", checks.numbers)
    every_check.add("counters of topics", checks.counters, mend=checks.recount)
    every_check.add("reactions", checks.reactions, mend=checks.recount_reactions)
    every_check.add("earlier texts", checks.revisions)
    every_check.add("first posts", checks.first_posts)
    every_check.add("files of messages", checks.files)
    backup.also_files(lonely_files.names_in)
    erased_again.init()
    sealing.also_reseal(attachments.reseal)
    kept = f"{drafts.KEPT_DAYS} days after it was last touched"
    retention.rule("a draft", kept, table="draft", by="forum.drop_old_drafts")
    retention.rule("a file that waits with a draft", kept, table="draft_file", by="forum.drop_old_drafts")
