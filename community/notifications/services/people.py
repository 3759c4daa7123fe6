"""What a slice of personas chose, read in a few statements whatever their number."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from community.accounts.models import Persona
from community.core import clock
from community.core.db import db
from community.core.i18n import zone
from community.notifications.models import Letter, MailChoice, MailSetting
from community.notifications.rules import MOST_A_DAY, level_of, zone_named


@dataclass
class Recipient:
    """A persona that may be told: its choices, its hours, how much mail it had today."""

    id: str
    choices: dict[tuple[str, int], str] = field(default_factory=dict)
    setting: MailSetting | None = None
    today: int = 0

    def level(self, kind: str, space_id: int) -> str:
        """How a kind of news goes to it; above the day's bound, in the daily digest."""
        if self.setting is not None and self.setting.stopped:
            return "never"
        level = level_of(self.choices, kind, space_id)
        return "daily" if level == "now" and self.today >= MOST_A_DAY else level


def recipients(persona_ids: Collection[str]) -> dict[str, Recipient]:
    """Those of these personas that are somebody's and active."""
    ids = set(persona_ids)
    active = select(Persona.id).where(
        Persona.id.in_(ids), Persona.state == "active", Persona.kind != "imported"
    )
    found = {persona_id: Recipient(persona_id) for persona_id in db.session.scalars(active)}
    chosen = select(MailChoice.persona_id, MailChoice.kind, MailChoice.space_id, MailChoice.level)
    for persona_id, kind, space_id, level in db.session.execute(
        chosen.where(MailChoice.persona_id.in_(found))
    ):
        found[persona_id].choices[kind, space_id] = level
    for setting in db.session.scalars(select(MailSetting).where(MailSetting.persona_id.in_(found))):
        found[setting.persona_id].setting = setting
    for persona_id, count in _letters_today(found):
        found[persona_id].today = count
    return found


def _letters_today(found: Collection[str]) -> list[tuple[str, int]]:
    rows = (
        select(Letter.persona_id, func.count())
        .where(
            Letter.persona_id.in_(found),
            Letter.notice_id.is_not(None),
            Letter.due_at > clock.ago(days=1),
        )
        .group_by(Letter.persona_id)
    )
    return [(persona_id, count) for persona_id, count in db.session.execute(rows)]


def choices_of(persona_id: str) -> dict[tuple[str, int], str]:
    """What one persona chose."""
    rows = db.session.scalars(select(MailChoice).where(MailChoice.persona_id == persona_id))
    return {(row.kind, row.space_id): row.level for row in rows}


def hours_of(setting: MailSetting | None) -> tuple[ZoneInfo, int | None, int | None]:
    """The zone and the quiet hours of a persona."""
    if setting is None:
        return zone(), None, None
    return zone_named(setting.zone, zone()), setting.quiet_from, setting.quiet_until
