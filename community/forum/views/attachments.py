"""Files of messages: taken in with a form, and given to whoever may read the message."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from flask import Response, current_app, g, request
from flask_babel import gettext as _

from community.core.db import transaction
from community.core.errors import CommunityError, Conflict, Invalid, TooLarge, TooOften
from community.core.idempotency import once, was_taken
from community.forum import words
from community.forum.attachments.intake import MOST, Sent, made_ready
from community.forum.attachments.kinds import KINDS, TEXTS
from community.forum.attachments.names import disposition
from community.forum.forms import attachments as fields
from community.forum.forms.posts import Writes
from community.forum.models import Attachment, Space
from community.forum.permissions import may_add_files
from community.forum.queries.attachments import file_seen, kept_at, published_bytes
from community.forum.queries.files import view_of
from community.forum.services import attachments as services
from community.forum.services import draft_files, drafts
from community.forum.services.attachments import Staged
from community.forum.views import bp
from community.forum.views.writing import typed_fields

# The forms that carry files, and hence more bytes than any other.
WITH_FILES = frozenset({"forum.reply", "forum.edit", "forum.new_topic"})
GOOD = 200
# What a file may do where it is opened by itself.
NOTHING = "sandbox; " + "; ".join(
    f"{directive} 'none'"
    for directive in ("default-src", "object-src", "base-uri", "form-action", "frame-ancestors")
)


@bp.url_value_preprocessor
def take_larger(endpoint: str | None, _values: dict[str, Any] | None) -> None:
    """Let these forms be larger than others, before anything is read of them; not for visitors."""
    signed_in = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
    if request.method == "POST" and endpoint in WITH_FILES and signed_in:
        request.max_content_length = MOST * fields.largest() + current_app.config["MAX_CONTENT_LENGTH"]


# In


def receive(form: Writes, space: Space, place: str, may: Callable[[], bool]) -> int:
    """Keep the files that came with a form with its draft, from where they are sent with the message.

    :param may: whether the viewer may write there; asked when there are files. :returns: 200, or the status
        of the answer when one was refused: the field says why.
    """
    files = form.files
    if not files.comes_with_files() or not may():
        return GOOD
    viewer = g.viewer
    if was_taken(form.idem.data or "", viewer.persona_id or ""):
        return GOOD
    if not may_add_files(viewer, space):
        files.errors = [*files.errors, str(services.NOT_HERE)]
        return Invalid.status
    status = _change_kept(form, place)
    for position, sent in files.sent().items():
        status = max(status, _take(form, place, position, sent))
    files.kept = kept_at(viewer, place)
    files.waiting = bool(files.kept)
    return status


def _change_kept(form: Writes, place: str) -> int:
    try:
        with transaction():
            draft_files.change_kept(g.viewer, place, fields.kept_gone(), fields.kept_alts(request.form))
    except Invalid as problem:
        return _blame(form, problem)
    return GOOD


def _take(form: Writes, place: str, position: int, sent: Sent) -> int:
    """One file: looked at, drawn anew where it is a picture, sealed, and kept with the draft."""
    viewer = g.viewer
    try:
        draft_files.require_room(viewer, len(sent.content))
        draft_files.count_sent(viewer)
        ready = made_ready(sent, protected=viewer.protected, largest=fields.largest())
        aside = draft_files.put_aside(viewer.persona_id or "", place, ready)
        with transaction():
            drafts.keep(viewer, place, typed_fields(), with_files=True)
            draft_files.keep(viewer, place, position, aside)
    except (Invalid, TooLarge, TooOften, Conflict) as problem:
        return _blame(form, problem, _("File %(n)s:", n=position + len(form.files.there)))
    return GOOD


def _blame(form: Writes, problem: CommunityError, which: str = "") -> int:
    form.files.errors = [*form.files.errors, f"{which} {problem.sentence}".strip()]
    return problem.status


def refused(status: int) -> int:
    """The status of a form that comes back: of the file that was refused, else of a field."""
    return Invalid.status if status == GOOD else status


def sent_once(form: Writes, place: str, make: Callable[[list[Staged]], str]) -> str:
    """Send a form once (``core.idempotency``) with the files that wait for it; their draft goes."""
    staged = services.stage(g.viewer, place) if form.files.waiting else []
    address = once(form.idem.data or "", g.viewer.persona_id or "", lambda: make(staged))
    if staged:  # the same form may have come twice, and have kept them again
        with transaction():
            draft_files.drop_kept(g.viewer, place)
            drafts.drop(g.viewer, place)
    return address


# Out


@bp.get("/files/<key>")
def attachment(key: str) -> Response:
    """A file of a message: a picture in its place, anything else to be saved."""
    found = file_seen(g.viewer, key)
    kind = KINDS[found.kind]
    name = words.file_name(view_of(found))
    if found.kind in TEXTS and not name.endswith(".txt"):
        name += ".txt"  # a spreadsheet would run its formulas
    return _given(
        found, found.file, kind.media, disposition("inline" if kind.picture else "attachment", name)
    )


@bp.get("/files/<key>/small")
def small_attachment(key: str) -> Response:
    """A picture as small as it stands in the message; what is no picture has none."""
    found = file_seen(g.viewer, key)
    return _given(found, found.small, "image/webp", "inline")


def _given(found: Attachment, file: str, media: str, how: str) -> Response:
    """The bytes, as something that can do nothing here. Who may read it was asked, and is each time."""
    bytes_there = published_bytes(file)
    answer = Response(bytes_there, content_type=media)
    answer.headers["Content-Disposition"] = how
    answer.headers["Content-Security-Policy"] = NOTHING
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, noai"
    if not g.viewer.signed_in:
        # Where something was taken out there may be as many bytes as before.
        answer.set_etag(hashlib.blake2b(bytes_there, digest_size=16, key=found.key.encode()).hexdigest())
        answer.make_conditional(request)
    return answer
