"""What the pages on which people write share: what a form says, drafts around it, the way back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from flask import g, request, url_for
from flask_babel import gettext as _
from flask_limiter import RequestLimit
from werkzeug.datastructures import MultiDict

from community.accounts.viewer import Viewer
from community.core.db import db, transaction
from community.core.errors import CommunityError
from community.core.i18n import current_language
from community.core.idempotency import was_taken
from community.core.text import MAX_BODY, render
from community.forum.composer import language_of
from community.forum.forms.posts import Writes
from community.forum.models import Post
from community.forum.queries import drafts as kept_drafts
from community.forum.queries.topics import page_of_post
from community.forum.services import drafts
from community.forum.services.posts import Writing


def writing_of(form: Writes) -> Writing:
    """What a valid form says."""
    body = form.body.data or ""
    return Writing(
        body=body,
        lang=language_of(form.lang.data or "", body, current_language()),
        notes=tuple(form.note.data or ()),
        basis=form.basis.data or "" if "basis" in form else "",
        sources=form.sources.citations(),
    )


def post_address(post: Post) -> str:
    """Where a post stands: the page of its topic, at its place."""
    page = page_of_post(post)
    return url_for("forum.topic", key=post.topic.key, page=page if page > 1 else None, _anchor=post.key)


def asks_preview() -> bool:
    """Whether the preview button sent this form."""
    return request.method == "POST" and "preview" in request.form


def preview_of(body: str | None) -> str:
    """A text as it would be shown; a sentence in place of one that is too long to be stored."""
    body = body or ""
    if len(body) > MAX_BODY:
        return f"<p>{_('This text is too long to be shown: at most 20,000 characters.')}</p>"
    return render(body)


def draft_of(place: str) -> MultiDict[str, Any] | None:
    """The viewer's draft of this place, as a form reads it; None when there is none."""
    fields = kept_drafts.kept(g.viewer, place)
    if not fields:
        return None
    several = {name: value if isinstance(value, list) else [value] for name, value in fields.items()}
    return MultiDict(several)


def keep_draft(place: str) -> None:
    """Keep what could not be sent, on the server; a form that came once more was sent before.

    The page that refuses says so only where it was kept (``g.drafted``).
    """
    viewer: Viewer = g.viewer
    if not viewer.signed_in:
        return
    db.session.rollback()
    with transaction():
        if not was_taken(request.form.get("idem", ""), viewer.persona_id or ""):
            g.drafted = drafts.keep_failed(viewer, place, typed_fields())


def as_draft(kind: str, part: str) -> Callable[[RequestLimit], None]:
    """For the limit of a form: what comes too often is kept as a draft.

    :param kind: "topic", "space" or "edit". :param part: the part of the address that names which.
    """
    return lambda _limit: keep_draft(f"{kind}:{(request.view_args or {})[part]}")


def typed_fields() -> dict[str, str | list[str]]:
    """The fields of the form at hand, as drafts keep them."""
    several = request.form.to_dict(flat=False)
    return {name: found if len(found) > 1 else found[0] for name, found in several.items() if found}


@contextmanager
def keeping_draft(place: str) -> Iterator[None]:
    """Whatever refuses what is sent inside, the text is kept as a draft first."""
    try:
        yield
    except CommunityError:
        keep_draft(place)
        raise
