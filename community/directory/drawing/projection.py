"""From degrees to kilometres on a plane, as Canada is usually shown. Pure.

Lambert's conformal conic on a sphere, standard parallels 49° and 77° north, middle 63.390675° north and
91.866667° west (Snyder, *Map projections: a working manual*, 1987, page 106).
"""

from __future__ import annotations

from math import cos, log, pi, radians, sin, tan

_EARTH = 6371.0
_SOUTH, _NORTH, _MIDDLE, _MERIDIAN = (radians(one) for one in (49.0, 77.0, 63.390675, -91.866667))
_CONE = log(cos(_SOUTH) / cos(_NORTH)) / log(tan(pi / 4 + _NORTH / 2) / tan(pi / 4 + _SOUTH / 2))
_SCALE = _EARTH * cos(_SOUTH) * tan(pi / 4 + _SOUTH / 2) ** _CONE / _CONE
_ORIGIN = _SCALE / tan(pi / 4 + _MIDDLE / 2) ** _CONE


def projected(north: float, east: float) -> tuple[float, float]:
    """Kilometres east and south of the middle of the projection, of a position in degrees."""
    distance = _SCALE / tan(pi / 4 + radians(min(north, 89.0)) / 2) ** _CONE
    angle = _CONE * (radians(east) - _MERIDIAN)
    return distance * sin(angle), distance * cos(angle) - _ORIGIN
