"""Spaces, regions and themes: the lists of topics that a viewer sees there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import Response, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response as Redirect

from community.accounts.guards import here
from community.accounts.viewer import Viewer
from community.core.i18n import current_language, in_language
from community.core.regions import children
from community.core.regions import region as region_of
from community.core.store import settings
from community.core.text import extract
from community.forum import words
from community.forum.feeds import Entry, atom, coarse
from community.forum.forms.topics import region_choices, theme_choices
from community.forum.models import Post
from community.forum.queries import reading, regions
from community.forum.queries import spaces as queries
from community.forum.queries.lists import TopicRow
from community.forum.queries.spaces import Narrowing
from community.forum.themes import THEMES
from community.forum.views import bp, shared_list


@bp.get("/spaces")
def spaces() -> str:
    """Every space the viewer sees, by kind."""
    return render_template("forum/spaces.html", groups=queries.spaces_by_kind(g.viewer))


@bp.get("/ask")
def ask() -> str | Redirect:
    """Where to ask: every space in which the viewer may start a topic, one press from its form."""
    if not g.viewer.signed_in:
        return redirect(url_for("security.login", next=here()))
    return render_template("forum/ask.html", groups=queries.spaces_to_ask_in(g.viewer))


@bp.get("/spaces/<slug>")
def space(slug: str) -> str:
    """A space: its topics, narrowed as the address says."""
    chosen = Narrowing.read(request.args)
    if (made := shared_list.shared(slug, chosen, lambda viewer: _page_for(viewer, slug, chosen))) is not None:
        return made
    return _page_for(g.viewer, slug, chosen)[0]


def _page_for(viewer: Viewer, slug: str, chosen: Narrowing) -> tuple[str, Sequence[TopicRow]]:
    """The page for a viewer, and the lines of its list."""
    found = queries.space_seen(viewer, slug)
    page = queries.space_page(viewer, found, chosen, request.args.get("after"))
    levels = reading.levels_of(viewer, [reading.of_space(found)])
    html = render_template(
        "forum/space.html",
        space=found,
        page=page,
        topics=page.topics,
        chosen=page.topics.chosen,
        level=levels.get(reading.of_space(found), "normal"),
        **_choices(),
    )
    return html, page.topics.page.items


@bp.get("/regions/<code>")
def region(code: str) -> str:
    """What the viewer may read about a region, whatever the space; those under it included."""
    place = queries.region_filters(code)
    gathered = _gathered(place)
    whole = not gathered["chosen"].query() and "after" not in request.args
    waiting = regions.longest_waiting(g.viewer, place) if whole and gathered["topics"].waiting else []
    return render_template(
        "forum/region.html",
        region=region_of(code),
        under=children(code),
        home=queries.home_space(g.viewer, region=code),
        whole=whole,
        waiting=waiting,
        **gathered,
    )


@bp.get("/themes/<code>")
def theme(code: str) -> str:
    """What the viewer may read about a theme, whatever the space."""
    place = queries.theme_filters(code)
    return render_template(
        "forum/theme.html",
        subject=THEMES[code],  # "theme" is the colours of the page
        home=queries.home_space(g.viewer, theme=code),
        **_gathered(place),
    )


def _gathered(place: reading.Filters) -> dict[str, Any]:
    chosen = Narrowing.read(request.args)
    topics = queries.topics_page(g.viewer, place, chosen, request.args.get("after"))
    return {"topics": topics, "chosen": chosen, **_choices()}


def _choices() -> dict[str, Any]:
    return {"regions": region_choices(), "themes": theme_choices()}


@bp.get("/spaces/<slug>/feed.atom")
def feed(slug: str) -> Response:
    """The newest topics of a space that everyone sees, as a visitor sees them, whoever asks."""
    found, posts = queries.feed(slug)
    name, _lang = in_language(found, "name")
    made = atom(
        f"{name} - {settings().site_name}",
        current_language(),
        _outside("forum.space", slug=slug),
        _outside("forum.feed", slug=slug),
        [_entry(post) for post in posts],
    )
    return Response(made, mimetype="application/atom+xml")


def _entry(post: Post) -> Entry:
    note = words.note_words(post.notes)
    changed = max(post.topic.last_post_at, post.edited_at or post.created_at)
    return Entry(
        address=_outside("forum.topic", key=post.topic.key),
        title=post.topic.title,
        lang=post.lang,
        author=post.author.name if post.author.state == "active" else _("Former member"),
        summary=f"{_('Content note:')} {note}" if note else extract(post.html, 400),
        published=coarse(post.created_at, post.author.protected),
        updated=coarse(changed, post.author.protected),
    )


def _outside(endpoint: str, **values: Any) -> str:
    """An address as it is from elsewhere: built on the site's own, never on what the request says."""
    return settings().base_url + url_for(endpoint, **values)
