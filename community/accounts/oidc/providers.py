"""The providers of the settings, for readers: by key, by issuer, by their name in a language."""

from __future__ import annotations

from community.core.errors import NotFound
from community.core.i18n import current_language
from community.core.store import settings
from config import Provider


def known() -> tuple[Provider, ...]:
    """Every provider, in the order of the settings."""
    return settings().providers


def provider_or_404(key: str) -> Provider:
    """The provider of this key. :raises NotFound: there is none."""
    for provider in known():
        if provider.key == key:
            return provider
    raise NotFound


def name_of(provider: Provider) -> str:
    """What people call it, in the language of the page."""
    return provider.names[current_language()]


def name_of_issuer(issuer: str) -> str:
    """The same; the address itself for a provider that is no longer in the settings."""
    return next((name_of(one) for one in known() if one.issuer == issuer), issuer)


def back_of(provider: Provider) -> str:
    """Where this provider sends people back to: one address for each, so that none answers for another."""
    return f"{settings().base_url}/oidc/{provider.key}/back"
