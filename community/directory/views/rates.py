"""What became of referrals, by region, need and service: the same published figures for everybody."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, g, jsonify, render_template, request
from flask_babel import gettext as _

from community.accounts.viewer import Viewer
from community.core import panels, spreadsheets
from community.core.archives import Row
from community.core.errors import NotFound
from community.core.i18n import current_language, page_blueprint
from community.directory.drawing import shares as rate_drawing
from community.directory.figures import rating
from community.directory.models.referrals import ReferralRate
from community.directory.queries import rates
from community.directory.queries.rates import Table
from community.directory.words import referrals as referral_words

bp: Blueprint = page_blueprint("directory_rates", __name__, under="/directory")


def init_app() -> None:
    """Put the figures of a region on its page."""
    panels.add("region", _of_region, order=60)


@bp.get("/rates")
def page() -> str:
    """The figures of the months published last, or of others that are named by their first one."""
    periods = rates.periods(g.viewer)
    asked = request.args.get("from", "")
    first = _month(asked) if asked else periods[0][0] if periods else None
    table = rates.table(g.viewer, first) if first else None
    if asked and table is None:
        raise NotFound
    drawn = [one for one in table.of("region") if one.referred is not None] if table else []
    return render_template(
        "directory/rates.html",
        table=table,
        periods=periods,
        words=referral_words,
        drawn=drawn,
        drawing=rate_drawing.bars([referral_words.share(one) or 0.0 for one in drawn]),
        smallest=rating.SMALLEST,
        file=_file(),
    )


def _month(said: str) -> date | None:
    try:
        return date.fromisoformat(f"{said}-01") if len(said) == len("2026-10") else None
    except ValueError:
        return None


@bp.get("/rates.csv")
def as_csv() -> Response:
    """Every published line; what may not be told is empty, and a column says so."""
    answer = Response(spreadsheets.written(_rows()), content_type="text/csv; charset=utf-8")
    answer.headers.set("Content-Disposition", "attachment", filename=f"{_file()}.csv")
    return answer


@bp.get("/rates.json")
def as_json() -> Response:
    """The same as JSON; what may not be told is null."""
    return jsonify({"smallest_count_shown": rating.SMALLEST, "lines": _rows()})


def _file() -> str:
    return "referral-rates" if current_language() == "en" else "taux-orientation"


def _rows() -> list[Row]:
    return [_row(line, table) for table in rates.everything(g.viewer) for line in table.lines]


def _row(line: ReferralRate, table: Table) -> Row:
    told = line.referred is not None and line.taken_in is not None
    share = referral_words.share(line)
    return {
        "first_month": f"{table.first:%Y-%m}",
        "last_month": f"{table.last:%Y-%m}",
        "by": line.kind,
        "code": line.code,
        "name": referral_words.line_name(line, table),
        "referred": line.referred,
        "taken_in": line.taken_in,
        "not_taken_in_or_not_known": (line.referred or 0) - (line.taken_in or 0) if told else None,
        "taken_in_percent": round(100 * share) if share is not None else None,
        "waiting": line.waiting,
        "refused_by_the_service": line.refused,
        "declined_by_the_person": line.declined,
        "no_word": line.unknown,
        "hidden": "no" if told else "yes",
        "published": table.published_on.isoformat(),
    }


def _of_region(viewer: Viewer, code: str) -> str:
    line = rates.last_line(viewer, "region", code)
    if line is None:
        return ""
    return render_template(
        "directory/_region_rate.html", line=line, words=referral_words, title=_("Referrals")
    )
