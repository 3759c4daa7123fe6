"""Topics: ask, start, change, close, reopen, withdraw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from flask_babel import force_locale, gettext
from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, select

from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.announce import announce
from community.core.db import db
from community.core.errors import Conflict, Invalid
from community.core.i18n import LANGUAGES, LOCALES
from community.core.publish import Text, before_publish
from community.core.regions import REGIONS, provinces
from community.core.tidy import shows, tidy
from community.forum import pings
from community.forum.models import Case, Post, Space, Topic
from community.forum.models.cases import AGES, ASKS, SETTINGS, SUBSTANCES, TRIED
from community.forum.models.topics import LEVELS, TITLE_LEAST, TITLE_MOST, TOPIC_KINDS
from community.forum.permissions import is_keeper, is_own, may_announce, may_close, may_post_in, may_reopen
from community.forum.services import posts
from community.forum.services.posts import Writing
from community.forum.signals import post_changed, topic_changed, topic_reopening
from community.forum.themes import THEMES
from community.operations import erasures


@dataclass(frozen=True)
class Facts:
    """A situation in bands: codes of the lists of ``models.cases``."""

    age: str = ""
    province: str = ""
    setting: str = ""
    substances: tuple[str, ...] = ()
    tried: tuple[str, ...] = ()
    asks: str = ""


def check_facts(facts: Facts) -> Facts:
    """The facts, each list in its order. :raises Invalid: a code is not of its list, or no question is."""
    if not facts.asks:
        raise Invalid("asks", _l("Choose what the question of this case is about."))
    single = ((facts.age, AGES), (facts.setting, SETTINGS), (facts.asks, ASKS), (facts.province, PROVINCES))
    if any(code and code not in known for code, known in single):
        raise Invalid("asks", _l("Choose the facts of a case among those offered."))
    if not (set(facts.substances) <= set(SUBSTANCES) and set(facts.tried) <= set(TRIED)):
        raise Invalid("asks", _l("Choose the facts of a case among those offered."))
    in_order = tuple(code for code in SUBSTANCES if code in facts.substances)
    tried = tuple(code for code in TRIED if code in facts.tried)
    return replace(facts, substances=in_order, tried=tried)


PROVINCES = frozenset(place.code for place in provinces())


@dataclass(frozen=True)
class Heading:
    """What a topic is, beside the words of its first post."""

    kind: str  # question, case, discussion, announcement
    title: str
    level: str = ""
    region: str | None = None
    theme: str | None = None
    case: Facts | None = None  # of a case, and only of one


def check(heading: Heading) -> Heading:
    """The heading, its title on one line. :raises Invalid: it cannot be kept; names the field."""
    title = " ".join(tidy(heading.title).split())
    if "\x00" in title:
        raise Invalid("title", _l("The title holds a character that cannot be stored (NUL). Remove it."))
    if not TITLE_LEAST <= len(title) <= TITLE_MOST or not shows(title):
        raise Invalid("title", _l("The title must have 2 to 300 characters."), kept=title)
    known = heading.kind in TOPIC_KINDS and heading.level in ("", *LEVELS)
    placed = (heading.region or "on") in REGIONS and (heading.theme or "opioids") in THEMES
    if not known or not placed:
        raise Invalid("kind", _l("Choose the kind, level, region and theme among those offered."))
    region, theme = heading.region or None, heading.theme or None
    return Heading(heading.kind, title, heading.level, region, theme, heading.case)


def start(viewer: Viewer, space: Space, heading: Heading, writing: Writing) -> Topic:
    """Start a topic in a space: ask a question, open a discussion, announce."""
    require(may_post_in(viewer, space))
    heading, writing = check(heading), posts.check(writing)
    if heading.kind == "announcement":
        require(may_announce(viewer, space), _l("Announcements are made by those who keep this space."))
    if heading.kind == "case":
        heading = replace(heading, case=check_facts(heading.case or Facts()))
    before_publish(
        Text("topic", "title", heading.title, writing.lang, viewer.persona_id),
        *posts.texts_of(viewer, writing),
    )
    return add(space, viewer.persona_id or "", heading, writing, quiet=viewer.protected)


def ask(viewer: Viewer, space: Space, title: str, writing: Writing, level: str = "") -> Topic:
    """Ask a question in a space: the shortest way to :func:`start`."""
    return start(viewer, space, Heading("question", title, level), writing)


def add(
    space: Space,
    author_id: str,
    heading: Heading,
    writing: Writing,
    *,
    at: datetime | None = None,
    imported_from: str | None = None,
    quiet: bool = False,
) -> Topic:
    """Store a topic with its first post. For callers that have asked whether it may be. ``quiet``: under a
    protected name, so that open pages do not learn the minute."""
    at = at or clock.now()
    topic = Topic(
        space=space,
        author_id=author_id,
        kind=heading.kind,
        title=heading.title,
        level=heading.level,
        region=heading.region,
        theme=heading.theme,
        lang=writing.lang if writing.lang in LANGUAGES else "en",
        note=",".join(writing.notes),
        created_at=at,
        last_post_at=at,
        imported_from=imported_from,
    )
    db.session.add(topic)
    db.session.flush()
    if heading.kind == "case" and heading.case:
        db.session.add(case_of(topic, heading.case))
    posts.add(topic, author_id, writing, at=at, imported_from=imported_from, quiet=quiet)
    return topic


def case_of(topic: Topic, facts: Facts) -> Case:
    """The row of a case with these facts, which were checked. Whoever calls stores it."""
    return Case(
        topic_id=topic.id,
        age=facts.age,
        province=facts.province,
        setting=facts.setting,
        substances=",".join(facts.substances),
        tried=",".join(facts.tried),
        asks=facts.asks,
    )


def first_post(topic: Topic) -> Post:
    """The message a topic began with."""
    return db.session.scalars(select(Post).where(Post.topic_id == topic.id, Post.number == 1)).one()


def change(viewer: Viewer, first: Post, version: int, heading: Heading, writing: Writing) -> None:
    """Change the first post of one's own topic, with its title and level, and the facts of a case.

    :raises Conflict: somebody saved another text meanwhile; carries both.
    """
    topic = first.topic
    require(is_keeper(viewer, topic))
    heading = check(heading)
    title = Text("topic", "title", heading.title, writing.lang, viewer.persona_id, before=topic.title)
    before_publish(title)
    case = db.session.get(Case, topic.id)
    if case is None:
        posts.edit(viewer, first, version, writing, title=heading.title)
    else:
        said = case_of(topic, check_facts(heading.case or Facts())).said()
        posts.edit(viewer, first, version, writing, title=heading.title, facts=(case.said(), said))
        for name, codes in said.items():
            setattr(case, name, codes)
    topic.level = heading.level
    announce(topic_changed, topic_id=topic.id)


def close(viewer: Viewer, topic: Topic) -> None:
    """Take no more replies. Closing twice is harmless."""
    require(may_close(viewer, topic))
    _turn(viewer, topic, "closed")


def reopen(viewer: Viewer, topic: Topic) -> None:
    """Take replies again."""
    require(may_reopen(viewer, topic))
    announce(topic_reopening, topic_id=topic.id, persona_id=viewer.persona_id or "")
    _turn(viewer, topic, "open")


def _turn(viewer: Viewer, topic: Topic, state: str) -> None:
    if topic.state == state:
        return
    topic.state = state
    if not is_own(viewer, topic):
        audit.record(viewer.persona_id or "", f"forum.topic_{state}", topic.key)
    pings.list_changed(topic, quiet=viewer.protected)
    announce(topic_changed, topic_id=topic.id)


def withdraw(viewer: Viewer, topic: Topic, first: Post) -> None:
    """Take one's own topic back.

    Alone in it, its author takes the whole topic away. Once others have written, their words stay: the
    author's first post is erased, and a neutral title stands in place of theirs.

    :raises Conflict: it was withdrawn already.
    """
    require(is_own(viewer, topic))
    if first.state == "withdrawn":
        raise Conflict(_l("This was withdrawn already."))
    posts.erase(first)
    erasures.record(posts.WITHDRAWN, first.key)
    take_title_back(topic)
    posts.recount(topic, quiet=viewer.protected)
    pings.said_less(topic, quiet=viewer.protected)
    announce(post_changed, post_id=first.id)


def take_title_back(topic: Topic) -> None:
    """What its first post took with it: the whole topic of whoever is alone in it, or its title."""
    topic.note = ""
    db.session.execute(delete(Case).where(Case.topic_id == topic.id))
    if _only_author(topic):
        topic.state = "withdrawn"
        topic.title = ""
    else:
        topic.title = _withdrawn_title(topic.lang)
        if topic.held:  # it waited for what its first message said: the others' words stand again
            topic.state, topic.held = "open", False


def _only_author(topic: Topic) -> bool:
    others = db.session.query(Post.id).filter(Post.topic_id == topic.id, Post.author_id != topic.author_id)
    return others.first() is None


def _withdrawn_title(lang: str) -> str:
    with force_locale(LOCALES[lang]):
        return gettext("Topic withdrawn by its author")
