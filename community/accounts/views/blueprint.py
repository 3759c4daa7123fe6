"""The blueprint, and the doors of its pages."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from flask import g

from community.accounts.guards import freshly_opened
from community.core.errors import NotFound
from community.core.i18n import page_blueprint

bp = page_blueprint("accounts", __name__)

Parameters = ParamSpec("Parameters")


def with_duty(
    duty: str, door: Callable[[Callable[..., Any]], Callable[..., Any]] = freshly_opened
) -> Callable[[Callable[Parameters, Any]], Callable[Parameters, Any]]:
    """A page for whoever holds a duty, after the password was typed; for others there is no such page.

    :param door: how lately: for what cannot be undone, ``freshly`` also where a form is sent.
    """

    def guard(page: Callable[Parameters, Any]) -> Callable[Parameters, Any]:
        fresh = door(page)

        @wraps(page)
        def guarded(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Any:
            if duty not in g.viewer.duties:
                raise NotFound
            return fresh(*args, **kwargs)

        return guarded

    return guard
