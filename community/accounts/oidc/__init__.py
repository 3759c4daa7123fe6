"""Signing in through other providers (OpenID Connect): a code, PKCE, and nothing kept but a keyed hash."""

from __future__ import annotations

from flask import Flask
from flask_babel import lazy_pgettext

from community.accounts.oidc.links import issuers_of

__all__ = ["init_app", "issuers_of"]


def init_app(app: Flask) -> None:
    """Wire the addresses, the buttons of the sign-in page, and what is kept."""
    from community.accounts import words
    from community.accounts.oidc import archive, offering, subjects, views
    from community.accounts.oidc import pages as _pages  # noqa: F401 - importing it names its pages
    from community.core import panels, sealing

    app.register_blueprint(views.bp)
    app.jinja_env.globals.update(again_elsewhere=offering.again, elsewhere_is_offered=offering.is_offered)
    panels.add("sign_in", offering.buttons, 60)
    archive.register()
    sealing.also_reseal(subjects.reseal)
    words.name_acts({"sign_in.refused": lazy_pgettext("act", "Sign-in through a provider refused")})
