"""How many services a region has for each need. The same for whoever asks, so kept for a minute."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import func

from community.accounts.viewer import Viewer
from community.core.db import db
from community.core.regions import with_ancestors, within
from community.directory.finding import marks
from community.directory.finding.wanted import NEEDS
from community.directory.models import Listing
from community.directory.permissions import listings_seen_by
from community.directory.queries.documents import version

_MOST_KEPT, _SECONDS = 64, 60.0  # regions; lists follow the documents a moment later
_kept: dict[str, tuple[str, float, RegionFigures]] = {}


@dataclass(frozen=True)
class RegionFigures:
    """``here``: services with a place in the region; ``reaching``: those given for its whole province or for
    all of Canada. ``needs``: per need that somebody answers, how many of either."""

    here: int = 0
    reaching: int = 0
    needs: dict[str, tuple[int, int]] = field(default_factory=dict)


def region_figures(viewer: Viewer, code: str) -> RegionFigures:
    """The figures of a region, those under it included."""
    now = version()
    known = _kept.get(code)
    if known and known[0] == now and time.monotonic() < known[1]:
        return known[2]
    found = _counted(viewer, code)
    while len(_kept) >= _MOST_KEPT:
        _kept.pop(next(iter(_kept)), None)
    _kept[code] = (now, time.monotonic() + _SECONDS, found)
    return found


def _counted(viewer: Viewer, code: str) -> RegionFigures:
    own = within(code)
    wider = {"", *with_ancestors(code)} - set(own)
    here, reaching = Counter[str](), Counter[str]()
    for region, number, services in _rows(viewer, {*own, *wider}):
        into = here if region in own else reaching
        into["all"] += services
        into.update(dict.fromkeys(marks.words(number) & set(NEEDS), services))
    needs = {need: (here[need], reaching[need]) for need in NEEDS if here[need] or reaching[need]}
    return RegionFigures(here["all"], reaching["all"], needs)


def _rows(viewer: Viewer, regions: Iterable[str]) -> list[tuple[str, int, int]]:
    """Per region and set of marks, how many services: one with several places there counts once."""
    columns = (Listing.region, Listing.marks, func.count(Listing.service_id.distinct()))
    rows = listings_seen_by(viewer).where(Listing.region.in_(sorted(regions))).with_only_columns(*columns)
    return [
        (row[0], row[1], row[2]) for row in db.session.execute(rows.group_by(Listing.region, Listing.marks))
    ]
