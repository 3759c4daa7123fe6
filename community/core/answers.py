"""How small acts and failed forms are answered, alike everywhere."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import flash, g, redirect, render_template, request
from werkzeug.wrappers import Response

from community.core.errors import Invalid
from community.core.forms import blame
from community.core.idempotency import once

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


def made_once(form: Any, make: Callable[[], str], said: str = "") -> Response | None:
    """Run ``make`` unless this form was taken already, and lead to the address it gives.

    :param said: what is said there. :returns: None when a service refused it; the form then says why.
    """
    try:
        address = once(form.idem.data or "", g.viewer.persona_id or "", make)
    except Invalid as problem:
        blame(form, problem)
        return None
    if said:
        flash(said, "ok")
    return redirect(address, 303)
