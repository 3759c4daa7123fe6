"""How small acts and failed forms are answered, alike everywhere."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request
from werkzeug.wrappers import Response

Page = str | tuple[str, int] | Response


def done(url: str) -> Response | tuple[str, int]:
    """After a small act: nothing to a script, the page it came from to a person."""
    if request.headers.get("X-Requested-With") == "fetch":
        return "", 204
    return redirect(url, 303)


def form_page(template: str, form: Any, status: int = 422, **names: Any) -> Page:
    """The page of a form: as it is on GET, with what was typed and ``status`` after a failed POST."""
    page = render_template(template, form=form, **names)
    return (page, status) if request.method == "POST" else page
