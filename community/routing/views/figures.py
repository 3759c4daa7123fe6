"""How soon questions get a first answer: the same published figures for everybody."""

from __future__ import annotations

import csv
import io

from flask import Response, render_template, request
from flask_babel import gettext as _

from community.core.errors import NotFound
from community.core.i18n import current_language, with_query
from community.forum.themes import THEMES
from community.routing import words
from community.routing.charts import chart
from community.routing.models import AnswerMonth
from community.routing.queries import months as queries
from community.routing.services.months import ALL, NONE, SHARE_FROM
from community.routing.views import bp

COLUMNS = (
    *("month", "theme", "questions", "median_hours", "p90_hours"),
    *("still_waiting_percent", "hidden", "published"),
)


@bp.get("/time-to-first-answer")
def first_answers() -> str:
    """Median and ninetieth percentile by month, for a theme or for all; and by theme, last month."""
    theme = request.args.get("theme", ALL) or ALL
    if theme != ALL and theme not in THEMES:
        raise NotFound
    found = queries.figures(theme)
    return render_template(
        "routing/first_answers.html",
        figures=found,
        chosen=theme,
        themes=[(code, one.name(current_language())) for code, one in THEMES.items()],
        drawn=chart([row.median for row in found.months], [row.ninetieth for row in found.months]),
        words=words,
        share_from=SHARE_FROM,
        with_query=with_query,
    )


@bp.get("/time-to-first-answer.csv")
def first_answers_csv() -> Response:
    """Every published figure; what may not be told is empty, and the column beside it says so."""
    page = io.StringIO()
    page.write("\ufeff")
    writer = csv.writer(page, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in queries.everything():
        writer.writerow(_line(row))
    answer = Response(page.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{_file()}"'
    return answer


def _file() -> str:
    return "time-to-first-answer.csv" if current_language() == "en" else "delai-premiere-reponse.csv"


def _line(row: AnswerMonth) -> list[object]:
    theme = {ALL: _("all themes"), NONE: _("no theme")}.get(row.theme) or row.theme
    return [
        f"{row.month:%Y-%m}",
        theme,
        "" if row.questions is None else row.questions,
        _hours(row.median),
        _hours(row.ninetieth),
        "" if row.waiting_percent is None else row.waiting_percent,
        "yes" if row.questions is None else "no",
        row.published_on.isoformat(),
    ]


def _hours(seconds: int | None) -> object:
    return "" if seconds is None else round(seconds / 3600, 2)
