"""Private messages as things that can be reported, by those in the conversation alone."""

from __future__ import annotations

from flask import render_template, url_for
from flask_babel import lazy_gettext as _l
from sqlalchemy import ColumnElement, and_, select

from community.accounts.privacy import looking
from community.accounts.viewer import Viewer
from community.conversations.queries.talks import MessageView
from community.conversations.services import moderating
from community.conversations.services.moderating import Copy
from community.core import panels
from community.core.audit import AuditEntry
from community.moderation import targets
from community.moderation.models import Act, Matter
from community.moderation.permissions import SILENT
from community.moderation.services.opening import READ
from community.moderation.targets import Subject, Target

KIND = "message"


def init_app() -> None:
    """Let messages be reported, from where they stand."""
    targets.add(
        Target(
            KIND,
            _l("Private message"),
            _seen,
            _look,
            _address,
            hide=moderating.hide,
            show=moderating.show,
            private=True,
        )
    )
    panels.add("under_message", report_link)
    looking.also(read_of)


def read_of(persona_id: str) -> ColumnElement[bool]:
    """Who opened what a name wrote for a few, as soon as something was done about it. Not before, and not
    where nothing was: by that they would know who reported it."""
    things = (
        select(Matter.thing)
        .join(Act, Act.matter_key == Matter.key)
        .where(Act.persona_id == persona_id, Act.act.not_in(SILENT))
    )
    return and_(AuditEntry.act == READ, AuditEntry.target.in_(things))


def _subject(copy: Copy) -> Subject:
    return Subject(
        kind=KIND,
        key=copy.key,
        author_id=copy.author_id,
        words=copy.body,
        html=copy.html,
        lang=copy.lang,
        state=copy.state,
    )


def _seen(viewer: Viewer, key: str) -> Subject:
    return _subject(moderating.as_read(viewer, key))


def _look(key: str) -> Subject | None:
    copy = moderating.as_reported(key)
    return _subject(copy) if copy else None


def _address(_subject: Subject) -> str:
    # For whoever moderates there is no conversation to go to.
    return url_for("conversations.list_all")


def report_link(_viewer: Viewer, message: MessageView) -> str:
    """Under a message of somebody else."""
    if message.own:
        return ""
    return render_template("moderation/_report_message.html", message=message)
