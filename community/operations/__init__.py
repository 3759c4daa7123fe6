"""What an operator does: back up, restore, check, migrate, watch. It knows no domain.

Domains say what they need: ``checks.add``, ``erasures.record`` and ``erasures.again``,
``backup.leave_out``, ``restoring.afterwards``, ``metrics.measure``.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire operations into the application."""
    from community.core import cache
    from community.operations import cli, metrics, restoring

    # The versions within its keys began anew: they may name what was there before.
    restoring.afterwards("forgetting kept pages", lambda: cache.cache().forget_all())
    metrics.init_app(app)
    cli.init_app(app)
