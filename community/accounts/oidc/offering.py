"""The ways elsewhere, where they are offered: the sign-in page, and where the password is asked again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import g, render_template, request, url_for

from community.accounts.oidc import links, providers
from community.accounts.signin.destination import is_ours
from community.core.i18n import current_language


@dataclass(frozen=True)
class Way:
    """A provider by its name, and the address that leads there."""

    name: str
    url: str


def next_asked() -> str | None:
    """The page to come back to, when it is one of ours."""
    asked = request.args.get("next")
    return asked if is_ours(asked) else None


def buttons() -> str:
    """Below the form of the sign-in page: a way to each provider."""
    ways = [
        Way(providers.name_of(one), url_for("accounts.elsewhere", provider=one.key, next=next_asked()))
        for one in providers.known()
    ]
    return render_template("accounts/_ways_elsewhere.html", ways=ways) if ways else ""


def is_offered() -> bool:
    """Whether this site has any provider."""
    return bool(providers.known())


def again() -> list[Way]:
    """The ways by which this member can prove again that it is them."""
    if g.get("member") is None or not providers.known():
        return []
    mine = {row.issuer for row in links.of_member(g.member.id)}
    facts: dict[str, Any] = {"purpose": "again", "lang": current_language(), "next": next_asked()}
    return [
        Way(providers.name_of(one), url_for("oidc.start", provider=one.key, **facts))
        for one in providers.known()
        if one.issuer in mine
    ]
