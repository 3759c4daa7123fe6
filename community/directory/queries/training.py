"""Workshops and placements that organizations offer or look for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Select

from community.accounts.viewer import Viewer
from community.core import clock
from community.core.access import one_or_404
from community.core.db import db
from community.directory.models.training import Training
from community.directory.permissions.together import trainings_seen_by
from community.directory.queries.partners import Partner, concerned, partners

MOST = 200


@dataclass(frozen=True)
class Given:
    """A workshop or placement with whoever offers or looks for it."""

    training: Training
    partner: Partner


def training(viewer: Viewer, key: str) -> Training:
    """The training of this address, over or not. :raises NotFound: there is none."""
    return one_or_404(trainings_seen_by(viewer), Training.key == key)


def listed(viewer: Viewer, lang: str, *, region: str = "", kind: str = "", way: str = "") -> list[Given]:
    """What is not over, the soonest first; of a region with what is for all of Canada."""
    rows = trainings_seen_by(viewer).where(Training.ends_on >= clock.today())
    if region:
        rows = rows.where(Training.region.in_((*concerned(region), "")))
    if kind:
        rows = rows.where(Training.kind == kind)
    if way:
        rows = rows.where(Training.way == way)
    return _given(viewer, rows, lang)


def of_organization(viewer: Viewer, organization_id: str, lang: str) -> list[Given]:
    """What an organization offers or looks for now."""
    rows = trainings_seen_by(viewer).where(
        Training.organization_id == organization_id, Training.ends_on >= clock.today()
    )
    return _given(viewer, rows, lang)


def given(viewer: Viewer, found: Training, lang: str) -> Given:
    """One with whoever offers or looks for it."""
    return Given(found, partners(viewer, [found.organization_id], lang)[found.organization_id])


def _given(viewer: Viewer, rows: Select[Training], lang: str) -> list[Given]:
    found: Sequence[Training] = db.session.scalars(
        rows.order_by(Training.starts_on, Training.id).limit(MOST)
    ).all()
    known = partners(viewer, (one.organization_id for one in found), lang)
    return [Given(one, known[one.organization_id]) for one in found]
