"""Pages of testimonies. None is listed by search engines, nor given to train models."""

from __future__ import annotations

from flask import Response

from community.core.i18n import page_blueprint

bp = page_blueprint("testimonies", __name__, under="/testimonies")


@bp.after_request
def keep_out_of_indexes(response: Response) -> Response:
    """Whoever may read it, no robot takes it along."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive, noai"
    return response
