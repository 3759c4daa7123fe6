"""One's own words: change them, see what they said before, take them back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import MultiDict

from community.core.access import require
from community.core.db import transaction
from community.core.errors import Conflict, Invalid
from community.core.forms import blame
from community.core.limits import limiter
from community.forum.forms import attachments as file_fields
from community.forum.forms.posts import EditForm
from community.forum.forms.topics import EditTopicForm
from community.forum.models import Post, Topic
from community.forum.permissions import may_edit, may_withdraw
from community.forum.queries.attachments import kept_at
from community.forum.queries.cases import facts_of_versions
from community.forum.queries.files import FileView, files_of
from community.forum.queries.one_post import versions_of
from community.forum.queries.posts import sources_of
from community.forum.queries.topics import case_of, is_guest, post_seen
from community.forum.services import attachments, drafts
from community.forum.services import posts as services
from community.forum.services import topics as topic_services
from community.forum.services.attachments import Staged
from community.forum.services.topics import Facts, Heading
from community.forum.views import attachments as files
from community.forum.views import bp
from community.forum.views.answers import Page
from community.forum.views.writing import (
    as_draft,
    asks_preview,
    draft_of,
    keep_draft,
    keeping_draft,
    post_address,
    preview_of,
    writing_of,
)

_WAITS = _l(
    "This message waits for a moderator. It can be changed once somebody has looked, or withdrawn at once."
)


@bp.route("/posts/<key>/edit", methods=["GET", "POST"])
@limiter.limit("30/minute", methods=["POST"], on_breach=as_draft("edit", "key"))
def edit(key: str) -> Page:
    """Change one's own text. A stale form answers 409 with both texts."""
    place = f"edit:{key}"
    if request.method != "POST":
        found = _own(key)
        return _edit_page(found, _form_of(found, place))
    with keeping_draft(place):
        return _changed(key, place)


def _changed(key: str, place: str) -> Page:
    found = _own(key)
    form = _empty_form(found)
    form.files.there = _files_of(found)
    valid = not asks_preview() and form.validate()
    status = files.receive(form, found.topic.space, place, lambda: True)
    if asks_preview():
        return _edit_page(_own(key), form, preview_html=preview_of(form.body.data))
    theirs, good, status = "", valid and status == files.GOOD, files.refused(status)
    if good:
        try:
            staged = attachments.stage(g.viewer, place) if form.files.waiting else []
            with transaction():
                address = _change(key, form, staged)
            return redirect(address, 303)
        except Invalid as problem:
            blame(form, problem)
        except Conflict as conflict:
            theirs, status = conflict.theirs, 409
    keep_draft(place)
    found = _own(key)
    if status == 409:
        form.version.data = str(found.version)  # sending again is a choice made with both texts in view
    return _edit_page(found, form, theirs=theirs), status


def _own(key: str, may: Callable[..., bool] = may_edit) -> Post:
    found = post_seen(g.viewer, key)
    own = may(g.viewer, found, guest=is_guest(g.viewer, found.topic))
    waits = found.held and found.author_id == g.viewer.persona_id
    require(own, _WAITS if waits else _("Only its author changes a message."))
    return found


def _empty_form(post: Post) -> EditForm:
    """What was sent, read as the form of this post."""
    return _with_facts(EditTopicForm(), post.topic) if post.number == 1 else EditForm()


def _with_facts(form: EditTopicForm, topic: Topic) -> EditTopicForm:
    form.offer_facts(case_of(topic) is not None)
    return form


def _files_of(post: Post) -> tuple[FileView, ...]:
    return files_of([post.id]).get(post.id, ()) if post.files else ()


def _form_of(post: Post, place: str) -> EditForm:
    begun = draft_of(place)
    form = _form_with(post, begun)
    form.files.there = _files_of(post)
    form.files.kept = kept_at(g.viewer, place) if begun else ()
    return form


def _form_with(post: Post, begun: MultiDict[str, Any] | None) -> EditForm:
    said = {
        "body": post.body,
        "lang": post.lang,
        "note": post.notes,
        "basis": post.basis,
        "version": str(post.version),
        "sources": [{"kind": one.kind, "ref": one.ref, "label": one.label} for one in sources_of(post)],
    }
    if post.number == 1:
        topic = {"title": post.topic.title, "level": post.topic.level, **_facts_of(post.topic)}
        return _with_facts(EditTopicForm(formdata=begun, data={**said, **topic}), post.topic)
    return EditForm(formdata=begun, data=said)


def _facts_of(topic: Topic) -> dict[str, Any]:
    """What a case says, as its form has it."""
    case = case_of(topic)
    if case is None:
        return {}
    several = {name: getattr(case, name).split(",") for name in ("substances", "tried")}
    return case.said() | several


def _change(key: str, form: EditForm, staged: Sequence[Staged]) -> str:
    found = _own(key)
    version, writing = form.made_from or 0, writing_of(form)
    if isinstance(form, EditTopicForm):
        topic = found.topic
        said = (topic.kind, form.title.data or "", form.level.data or "", topic.region, topic.theme)
        heading = Heading(*said, Facts(**form.facts()))
        topic_services.change(g.viewer, found, version, heading, writing)
    else:
        services.edit(g.viewer, found, version, writing)
    attachments.change(g.viewer, found, file_fields.gone(), file_fields.alts(form.files.there))
    attachments.publish(g.viewer, found.topic.space, found, staged)
    drafts.drop(g.viewer, f"edit:{key}")
    return post_address(found)


def _edit_page(post: Post, form: EditForm, theirs: str = "", preview_html: str = "") -> str:
    return render_template(
        "forum/edit_post.html",
        post=post,
        topic=post.topic,
        form=form,
        theirs=theirs,
        preview_html=preview_html,
        address=post_address(post),
    )


@bp.get("/posts/<key>/history")
def history(key: str) -> str:
    """What a post said before each change."""
    found = post_seen(g.viewer, key)
    return render_template(
        "forum/history.html",
        post=found,
        topic=found.topic,
        versions=versions_of(found),
        facts=facts_of_versions(found),
        address=post_address(found),
    )


@bp.route("/posts/<key>/withdraw", methods=["GET", "POST"])
def withdraw(key: str) -> Page:
    """Take one's own words back, once asked for sure. A first post takes its topic along."""
    found = _own(key, may_withdraw)
    if request.method != "POST":
        return render_template(
            "forum/withdraw.html", post=found, topic=found.topic, address=post_address(found)
        )
    with transaction():
        found = _own(key, may_withdraw)
        topic = found.topic
        if found.number == 1:
            topic_services.withdraw(g.viewer, topic, found)
        else:
            services.withdraw(g.viewer, found)
        gone = topic.state == "withdrawn"
    flash(_("Your words were withdrawn and erased."), "ok")
    if gone:
        return redirect(url_for(".space", slug=topic.space.slug), 303)
    return redirect(url_for(".topic", key=topic.key), 303)
