"""What a persona chooses: how each kind of news goes by mail, where, and when not."""

from __future__ import annotations

from zoneinfo import available_timezones

from flask_babel import lazy_gettext as _l
from sqlalchemy import delete, update

from community.accounts.viewer import Viewer
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.upsert import insert_into
from community.notifications.models import LEVELS, MailChoice, MailSetting
from community.notifications.rules import DEFAULTS, EVERY_KIND
from community.notifications.services.people import choices_of

AS_ELSEWHERE = ""


def choose(viewer: Viewer, kind: str, level: str, space_id: int = 0) -> None:
    """How a kind of news goes by mail; ``AS_ELSEWHERE`` takes a choice back.

    :raises Invalid: no such kind or level.
    """
    require(viewer.signed_in)
    if kind not in DEFAULTS and not (kind == EVERY_KIND and space_id):
        raise Invalid("kind", _l("Choose from the list."))
    put_choice(str(viewer.persona_id), kind, level, space_id)


def put_choice(persona_id: str, kind: str, level: str, space_id: int = 0) -> None:
    """Store a choice. :raises Invalid: no such level."""
    if level == AS_ELSEWHERE:
        db.session.execute(
            delete(MailChoice).where(
                MailChoice.persona_id == persona_id, MailChoice.kind == kind, MailChoice.space_id == space_id
            )
        )
        return
    if level not in LEVELS or (kind == "unanswered" and level == "now"):
        raise Invalid("level", _l("Choose from the list."))
    made = insert_into(MailChoice).values(persona_id=persona_id, kind=kind, space_id=space_id, level=level)
    db.session.execute(
        made.on_conflict_do_update(index_elements=["persona_id", "kind", "space_id"], set_={"level": level})
    )


def set_hours(viewer: Viewer, zone: str, start: int | None, end: int | None) -> None:
    """The zone a persona lives in and its quiet hours. :raises Invalid: no such zone or hour."""
    require(viewer.signed_in)
    if zone and zone not in available_timezones():
        raise Invalid("zone", _l("Choose from the list."))
    if any(hour is not None and not 0 <= hour <= 23 for hour in (start, end)):
        raise Invalid("quiet_from", _l("Choose from the list."))
    hours = {"zone": zone, "quiet_from": start, "quiet_until": end}
    made = insert_into(MailSetting).values(persona_id=viewer.persona_id, stopped=False, **hours)
    db.session.execute(made.on_conflict_do_update(index_elements=["persona_id"], set_=hours))


def resume(viewer: Viewer) -> None:
    """Write to this persona again after mail came back."""
    require(viewer.signed_in)
    db.session.execute(
        update(MailSetting).where(MailSetting.persona_id == viewer.persona_id).values(stopped=False)
    )


def stop(persona_id: str, scope: str, space_id: int) -> None:
    """What an unsubscribe link does: no mail of this scope any more. Twice is harmless.

    :param scope: a kind, ``*`` (with a space: everything of it; without: everything), daily or weekly
        (what gathers in that digest).
    """
    if scope in ("daily", "weekly"):
        for (kind, space), level in choices_of(persona_id).items():
            if level == scope:
                put_choice(persona_id, kind, "never", space)
    elif scope == EVERY_KIND and not space_id:
        for kind, space in {(kind, 0) for kind in DEFAULTS} | set(choices_of(persona_id)):
            put_choice(persona_id, kind, "never", space)
    else:
        put_choice(persona_id, scope, "never", space_id)
