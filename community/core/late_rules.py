"""Addresses of routes whose writing is prepared when the first of them is written.

Werkzeug compiles two small programs for each route when it is added. For three hundred routes that is a
twelfth of the start, and most processes write few kinds of addresses in their life, or none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Rule

Writer = Callable[..., tuple[str, str]]


class LateRule(Rule):
    """A route of the application; what it answers to is prepared at once, as ever."""

    def _compile_builder(self, append_unknown: bool = True) -> Writer:
        """Give what writes an address, which compiles itself at its first use. Two threads may both do so."""
        compiled: list[Writer] = []

        def write(rule: Rule, **values: Any) -> tuple[str, str]:
            if not compiled:
                compiled.append(super(LateRule, self)._compile_builder(append_unknown))
            return compiled[0](rule, **values)

        return write
