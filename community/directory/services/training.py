"""What organizations write of the workshops and placements they offer or look for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l

from community.accounts.models import GROUPS
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.publish import AN_ADDRESS, Text, before_publish
from community.core.tidy import tidy
from community.directory.models.training import Training
from community.directory.permissions import may_keep_organization
from community.directory.permissions.together import may_begin_together, may_keep_training
from community.directory.queries.partners import documents_exist
from community.directory.services import both_languages, together_history
from community.directory.services.days_ahead import check_near
from community.directory.services.reading import require_read


@dataclass(frozen=True)
class TrainingWords:
    """What is written of a workshop or placement."""

    way: str
    kind: str
    region: str
    texts: Mapping[str, str]
    place: str
    places: int | None
    langs: Collection[str]
    for_whom: Collection[str]
    starts_on: date
    ends_on: date


def write(viewer: Viewer, organization_id: str, said: TrainingWords) -> Training:
    """Offer a workshop or placement, or look for one, in the name of an organization the viewer keeps.

    :raises Invalid: it is not one of the viewer's, it is over already, or a text cannot be kept.
    """
    require(may_begin_together(viewer))
    if not may_keep_organization(viewer, organization_id) or not documents_exist(viewer, [organization_id]):
        raise Invalid("organization", _l("Choose one of the organizations that you keep."))
    training = Training(organization_id=organization_id)
    _write(viewer, training, said)
    db.session.add(training)
    db.session.flush()
    _record(viewer, "training_written", training)
    return training


def change(viewer: Viewer, training: Training, said: TrainingWords, seen: str) -> None:
    """Change it, as it was when it was read (``seen``: its mark).

    :raises Invalid: it would be over already, or a text cannot be kept. :raises Conflict: somebody changed it
        since.
    """
    require(may_keep_training(viewer, training))
    require_read(training, seen)
    before = together_history.facts(training)
    _write(viewer, training, said)
    db.session.flush()
    _record(viewer, "training_written", training, before)


def _write(viewer: Viewer, training: Training, said: TrainingWords) -> None:
    if said.ends_on < said.starts_on:
        raise Invalid("ends_on", _l("The last day comes before the first one."))
    if said.ends_on < clock.today():
        raise Invalid("ends_on", _l("This would be over already."))
    check_near("ends_on", said.ends_on)
    both_languages.write(viewer, training, said.texts, title="title")
    place = tidy(said.place)
    where = Text("directory", "place", place, viewer.lang, viewer.persona_id, asked_for=AN_ADDRESS)
    before_publish(where)
    training.way, training.kind, training.region, training.place = said.way, said.kind, said.region, place
    training.places, training.langs = said.places, ",".join(sorted(said.langs))
    training.for_whom = ",".join(code for code in GROUPS if code in said.for_whom)
    training.starts_on, training.ends_on = said.starts_on, said.ends_on


def withdraw(viewer: Viewer, training: Training) -> None:
    """Take it away."""
    require(may_keep_training(viewer, training))
    audit.record(viewer.persona_id or "", "directory.training_withdrawn", f"training {training.key}")
    together_history.forget(training)
    db.session.delete(training)
    db.session.flush()


def _record(viewer: Viewer, act: str, training: Training, before: dict[str, Any] | None = None) -> None:
    together_history.note(viewer, training, act, before)
    audit.record(viewer.persona_id or "", f"directory.{act}", f"training {training.key}")
