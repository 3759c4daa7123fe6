"""Spaces as pages show them: the list by kind, one space with its tabs and filters, its feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func
from sqlalchemy.orm import joinedload

from community.accounts.viewer import VISITOR, Viewer
from community.core.access import one_or_404
from community.core.db import db
from community.core.errors import NotFound
from community.core.i18n import LANGUAGES
from community.core.paging import Page
from community.core.regions import REGIONS, region, with_ancestors
from community.forum.models import Post, Space, Topic
from community.forum.models.topics import TOPIC_KINDS
from community.forum.permissions import (
    may_announce,
    may_invite_to_space,
    may_lead,
    may_post_in,
    posts_seen_by,
    spaces_open_to,
    spaces_seen_by,
    topics_seen_by,
)
from community.forum.queries import lists, queue
from community.forum.queries.lists import TopicRow
from community.forum.queries.reading import Filters, needs_answer
from community.forum.themes import THEMES

GROUPS = ("lived", "clinical", "regional", "policy", "committee", "public")
FEED_LENGTH = 30


@dataclass(frozen=True)
class SpaceLine:
    """A space in the list of spaces: how many questions wait in it."""

    space: Space
    waiting: int


@dataclass(frozen=True)
class SpaceGroup:
    """The spaces of one kind that the viewer sees."""

    kind: str
    lines: Sequence[SpaceLine]


def spaces_by_kind(viewer: Viewer) -> list[SpaceGroup]:
    """The spaces the viewer sees, by kind; kinds without any are left out."""
    seen = db.session.scalars(spaces_seen_by(viewer).order_by(Space.position, Space.id)).all()
    waiting = _waiting_by_space(viewer)
    return _by_kind([SpaceLine(space, waiting.get(space.id, 0)) for space in seen])


def spaces_to_ask_in(viewer: Viewer) -> list[SpaceGroup]:
    """The spaces in which the viewer may start a topic, by kind; their own region before the others."""
    rows = spaces_open_to(viewer).order_by(Space.position, Space.id)
    mine = with_ancestors(viewer.region) if viewer.region else ()
    found = sorted(db.session.scalars(rows).all(), key=lambda space: space.region not in mine)
    return _by_kind([SpaceLine(space, 0) for space in found])


def _by_kind(lines: Sequence[SpaceLine]) -> list[SpaceGroup]:
    groups = [SpaceGroup(kind, [line for line in lines if line.space.kind == kind]) for kind in GROUPS]
    return [group for group in groups if group.lines]


def _waiting_by_space(viewer: Viewer) -> dict[int, int]:
    rows = topics_seen_by(viewer).where(needs_answer()).with_only_columns(Topic.space_id, func.count())
    return dict(db.session.execute(rows.group_by(Topic.space_id)).all())


def space_seen(viewer: Viewer, slug: str) -> Space:
    """The space of this address. :raises NotFound: it does not exist, or may not be seen."""
    return one_or_404(spaces_seen_by(viewer, "joined"), Space.slug == slug)


@dataclass(frozen=True)
class Narrowing:
    """What a reader chose on a page of topics; what is not on offer counts as not chosen."""

    view: str = "all"  # all, unanswered, kept
    order: str = ""  # latest, newest, oldest; empty: as the view wants
    region: str = ""
    theme: str = ""
    lang: str = ""
    kind: str = ""

    @classmethod
    def read(cls, args: Mapping[str, str]) -> Narrowing:
        """From the query of an address."""
        known: dict[str, object] = {
            "view": lists.VIEWS,
            "order": lists.ORDERS,
            "region": REGIONS,
            "theme": THEMES,
            "lang": LANGUAGES,
            "kind": TOPIC_KINDS,
        }
        said = {name: args.get("written" if name == "lang" else name, "") for name in known}
        return cls(**{name: value for name, value in said.items() if value in known[name]})  # type: ignore[operator]

    @property
    def ordered(self) -> str:
        """The order that applies: those who wait longest come first among the unanswered."""
        return self.order or ("oldest" if self.view == "unanswered" else "latest")

    def query(self, **other: str | None) -> dict[str, str]:
        """The choices as they stand in an address, with others in their place; None drops one."""
        said: dict[str, str | None] = {
            "view": self.view if self.view != "all" else None,
            "order": self.order,
            "region": self.region,
            "theme": self.theme,
            "written": self.lang,
            "kind": self.kind,
        }
        return {name: value for name, value in {**said, **other}.items() if value}


@dataclass(frozen=True)
class TopicsPage:
    """One page of topics with what narrows it."""

    chosen: Narrowing
    page: Page[TopicRow]
    waiting: int
    first_answer: queue.FirstAnswer | None


@dataclass(frozen=True)
class SpacePage:
    """Everything the page of a space says."""

    space: Space
    topics: TopicsPage
    may_post: bool
    may_announce: bool
    may_invite: bool  # guests, until a day
    leads: bool


def space_page(viewer: Viewer, space: Space, chosen: Narrowing, cursor: str | None) -> SpacePage:
    """A space the viewer sees, with one page of its topics. :raises BadRequest: a made-up cursor."""
    return SpacePage(
        space=space,
        topics=topics_page(viewer, Filters(space=space), chosen, cursor),
        may_post=may_post_in(viewer, space),
        may_announce=may_announce(viewer, space),
        may_invite=may_invite_to_space(viewer, space),
        leads=may_lead(viewer, space),
    )


def topics_page(viewer: Viewer, place: Filters, chosen: Narrowing, cursor: str | None) -> TopicsPage:
    """The topics of a place (a space, a region, a theme), narrowed. :raises BadRequest: made-up cursor."""
    narrowed = Filters(
        space=place.space,
        region=place.region if not chosen.region else chosen.region,
        theme=place.theme if not chosen.theme else chosen.theme,
        lang=chosen.lang,
        kind=chosen.kind,
    )
    rows = lists.list_of(viewer, *narrowed.conditions(), *place.conditions(), *lists.in_view(chosen.view))
    protected = place.space is not None and place.space.protected
    return TopicsPage(
        chosen=chosen,
        page=lists.page_of(viewer, rows, lists.ORDERS[chosen.ordered], cursor),
        waiting=queue.waiting_in(viewer, place),
        first_answer=None if protected else queue.first_answer(viewer, place),
    )


def home_space(viewer: Viewer, *, region: str = "", theme: str = "") -> Space | None:
    """The space of a region or a theme, when the viewer sees it."""
    kind = "regional" if region else "clinical"
    on_axis = Space.region == region if region else Space.theme == theme
    rows = spaces_seen_by(viewer).where(Space.kind == kind, on_axis)
    return db.session.scalars(rows.order_by(Space.position).limit(1)).first()


def region_filters(code: str) -> Filters:
    """Everything about a region, those under it included. :raises NotFound: there is no such region."""
    return Filters(region=region(code).code)


def theme_filters(code: str) -> Filters:
    """Everything about a theme. :raises NotFound: there is no such theme."""
    if code not in THEMES:
        raise NotFound
    return Filters(theme=code)


def feed(slug: str) -> tuple[Space, Sequence[Post]]:
    """A space that everyone sees, with the first posts of its newest topics, as a visitor sees them.

    :raises NotFound: it does not exist, is not for everyone, or is protected.
    """
    space = one_or_404(spaces_seen_by(VISITOR), Space.slug == slug, ~Space.protected)
    rows = (
        posts_seen_by(VISITOR)
        .where(Topic.space_id == space.id, Post.number == 1)
        .order_by(Topic.created_at.desc(), Topic.id.desc())
        .limit(FEED_LENGTH)
        .options(joinedload(Post.author, innerjoin=True))
    )
    return space, db.session.scalars(rows).unique().all()
