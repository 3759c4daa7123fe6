"""A topic, starting one, closing and reopening it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from community.accounts.guards import here
from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import require
from community.core.db import transaction
from community.core.errors import Invalid, NotFound
from community.core.forms import blame
from community.core.limits import limiter
from community.core.pages import whole as whole_pages
from community.forum.composer import quoted
from community.forum.forms.posts import ReplyForm
from community.forum.forms.topics import TopicForm
from community.forum.models import Post, Space, Topic
from community.forum.models.topics import TOPIC_KINDS
from community.forum.permissions import may_announce, may_post_in
from community.forum.queries import page_version
from community.forum.queries import topics as queries
from community.forum.queries.attachments import kept_at
from community.forum.queries.marks import OwnMarks
from community.forum.queries.spaces import space_seen
from community.forum.services import attachments, drafts
from community.forum.services import topics as services
from community.forum.services.attachments import Staged
from community.forum.services.signatures import said_by
from community.forum.services.topics import Facts, Heading
from community.forum.views import attachments as files
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.shared_topic import shared
from community.forum.views.writing import (
    as_draft,
    asks_preview,
    draft_of,
    keep_draft,
    keeping_draft,
    preview_of,
    writing_of,
)


def init_app() -> None:
    """Public topics are kept whole for visitors."""
    page_version.watch()
    whole_pages.keep(
        "forum.topic", r"topics/([0-9A-Za-z]{22})", page_version.version_of, page_version.stamps_of
    )


@bp.get("/topics/<key>")
def topic(key: str) -> Page:
    """A topic: its question joined to the answers that were kept, then what else was said."""
    number = _page_number()
    if (made := shared(key, number, lambda viewer, own: _page_for(viewer, key, number, own))) is not None:
        return made
    found = queries.topic_seen(g.viewer, key)
    page = queries.topic_page(g.viewer, found, number)
    form, words = _reply_form(found, begun=page.marks.draft) if page.may_reply else (None, "")
    return show(page, form, draft_words=words)


def _page_for(viewer: Viewer, key: str, number: int, own: OwnMarks) -> str:
    return show(queries.topic_page(viewer, queries.topic_seen(viewer, key), number, own), None)


def _page_number() -> int:
    said = request.args.get("page", "1")
    if not (said.isascii() and said.isdigit() and len(said) < 9):
        raise NotFound
    return int(said)


def _reply_form(topic: Topic, *, begun: bool) -> tuple[ReplyForm | None, str]:
    """The form of a reply: what was begun before, and what is quoted now; None when there is neither."""
    quote = request.args.get("quote")
    if not begun and not quote:
        return None, ""
    draft = draft_of(f"topic:{topic.key}") if begun else None
    form = ReplyForm(formdata=draft)
    form.files.kept = kept_at(g.viewer, f"topic:{topic.key}") if draft else ()
    if quote:
        _put_quotation(form, topic, quote)
    return form, _("This is the draft you began.") if draft else ""


def _put_quotation(form: ReplyForm, topic: Topic, key: str) -> None:
    """Quote a message of this topic; what folds it is ticked for the reply as well."""
    try:
        post = queries.post_seen(g.viewer, key)
    except NotFound:  # it was withdrawn since the page was shown: there is nothing to quote
        return
    if post.topic_id != topic.id:
        return
    form.body.data = "".join(part for part in (form.body.data, _quotation(post)) if part)
    form.note.data = list(dict.fromkeys([*(form.note.data or ()), *post.notes]))


def _quotation(post: Post) -> str:
    name = post.author.name if post.author.state == "active" else _("Former member")
    return quoted(post.body, said_by(name))


def show(page: queries.TopicPage, form: ReplyForm | None, **more: Any) -> str:
    """The page of a topic with this form under it; without one for who cannot reply."""
    return render_template(
        "forum/topic.html",
        **{"page": page, "topic": page.topic, "form": form, "preview_html": "", "draft_words": "", **more},
        new_form=_empty_form,
        case=queries.case_of(page.topic),
        today=clock.today(),
    )


def _empty_form(idem: str) -> ReplyForm:
    return ReplyForm(formdata=None, idem=idem)


@bp.route("/spaces/<slug>/new", methods=["GET", "POST"])
@limiter.limit("30/minute", methods=["POST"], on_breach=as_draft("space", "slug"))
def new_topic(slug: str) -> Page:
    """Ask a question, start a discussion, announce something."""
    space = space_seen(g.viewer, slug)
    if not g.viewer.signed_in and request.method != "POST":
        return redirect(url_for("security.login", next=here()))
    require(may_post_in(g.viewer, space), _("You may read this space. Writing here is for others."))
    place = f"space:{space.slug}"
    form = _topic_form(space, place)
    if request.method != "POST":
        return _new_page(space, form)
    valid = not asks_preview() and form.validate()
    status = files.receive(form, space, place, lambda: True)
    if asks_preview():
        return _new_page(space_seen(g.viewer, slug), form, preview_html=preview_of(form.body.data))
    if valid and status == files.GOOD:
        try:
            with keeping_draft(place):
                address = files.sent_once(form, place, lambda staged: _start(slug, form, staged))
                return redirect(address, 303)
        except Invalid as problem:
            blame(form, problem)
    keep_draft(place)
    return _new_page(space_seen(g.viewer, slug), form), files.refused(status)


def _topic_form(space: Space, place: str) -> TopicForm:
    if request.method == "POST":
        form = TopicForm()
    else:
        asked = request.args.get("kind", "")
        begun = draft_of(place)
        form = TopicForm(formdata=begun, kind=asked if asked in TOPIC_KINDS else "question")
        form.files.kept = kept_at(g.viewer, place) if begun else ()
    kinds = [kind for kind in TOPIC_KINDS if kind != "announcement" or may_announce(g.viewer, space)]
    if space.protected:  # people speak of their own lives there
        kinds.remove("case")
    form.offer(kinds, region=not (space.region or space.protected), theme=not space.theme)
    return form


def _start(slug: str, form: TopicForm, staged: Sequence[Staged]) -> str:
    """In the transaction: the space is read again, the rule asked again."""
    heading = Heading(
        kind=form.kind.data or "question",
        title=form.title.data or "",
        level=form.level.data or "",
        region=form.axis("region"),
        theme=form.axis("theme"),
        case=Facts(**form.facts()),
    )
    space = space_seen(g.viewer, slug)
    made = services.start(g.viewer, space, heading, writing_of(form))
    if staged:
        attachments.publish(g.viewer, space, services.first_post(made), staged)
    drafts.drop(g.viewer, f"space:{slug}")
    return url_for(".topic", key=made.key)


def _new_page(space: Space, form: TopicForm, preview_html: str = "") -> str:
    return render_template("forum/new_topic.html", space=space, form=form, preview_html=preview_html)


@bp.post("/topics/<key>/close")
def close(key: str) -> Response:
    """Take no more replies."""
    with transaction():
        services.close(g.viewer, queries.topic_seen(g.viewer, key))
    flash(_("This topic is closed: it takes no more replies."), "ok")
    return redirect(url_for(".topic", key=key), 303)


@bp.post("/topics/<key>/reopen")
def reopen(key: str) -> Response:
    """Take replies again."""
    with transaction():
        services.reopen(g.viewer, queries.topic_seen(g.viewer, key))
    flash(_("This topic takes replies again."), "ok")
    return redirect(url_for(".topic", key=key), 303)
