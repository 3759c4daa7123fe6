"""The service plan that several organizations and a person make together: an empty sheet to print.

It holds no form: what is written on it stays on paper, or in the organizations' own records.
"""

from __future__ import annotations

from flask import Blueprint, render_template

from community.core.i18n import page_blueprint

bp: Blueprint = page_blueprint("directory_plan", __name__, under="/directory/service-plan")
ROWS = range(5)


@bp.get("")
def service_plan() -> str:
    """The empty sheet."""
    return render_template("directory/service_plan.html", rows=ROWS)
