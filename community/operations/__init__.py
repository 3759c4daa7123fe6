"""What an operator does: back up, restore, check, migrate, watch. It knows no domain.

Domains say what they need: ``checks.add``, ``erasures.record`` and ``erasures.again``,
``backup.leave_out``, ``restoring.afterwards``, ``metrics.measure``.
"""

from __future__ import annotations

from flask import Flask


def init_app(app: Flask) -> None:
    """Wire operations into the application."""
    from community.core import cache, idempotency
    from community.operations import backup, cli, metrics, restoring, retention

    # The versions within its keys began anew: they may name what was there before.
    restoring.afterwards("forgetting kept pages", lambda: cache.cache().forget_all())
    # They count the rows as they are put back.
    backup.leave_out("stamp")
    days = f"{idempotency.KEPT.days} days"
    retention.rule("that a form was sent", days, table="once", by="core.forget_sent_forms")
    metrics.init_app(app)
    cli.init_app(app)
