"""What an operator does: back up, restore, check, migrate, watch. It knows no domain.

Domains say what they need: ``checks.add``, ``erasures.record`` and ``erasures.again``,
``backup.leave_out``, ``restoring.afterwards``, ``metrics.measure``.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire operations into the application."""
    from community.operations import cli, metrics

    metrics.init_app(app)
    cli.init_app(app)
