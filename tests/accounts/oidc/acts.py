"""What a browser does with a provider."""

from __future__ import annotations

import re
from typing import Any

from sqlalchemy import select

from community.accounts.oidc import links
from community.accounts.oidc.subjects import subject_hash
from community.core.audit import AuditEntry
from community.core.db import db, transaction
from tests.make import accounts as make


def found(pattern: str, page: str) -> str:
    """What a page holds there, as a browser reads it."""
    held = re.search(pattern, page)
    assert held, page
    return held.group(1).replace("&amp;", "&")


def leave(client, key="north", **more: Any) -> str:
    """Go to a provider: the address there."""
    answer = client.get(f"/oidc/{key}", query_string={"lang": "en", **more})
    assert answer.status_code == 302, answer.text
    return str(answer.location)


def enter(client, provider, subject="anna", key="north", **more: Any):
    """Go there, sign in there, come back."""
    return client.get(provider.lets_in(leave(client, key, **more), subject))


def linked_account(provider, subject="anna", email="anna@example.org", name="Robin Brook"):
    """A member whose account this subject opens."""
    account = make.account(email, name)
    with transaction():
        links.link(account.member_id, provider.issuer, subject_hash(provider.issuer, subject))
    return account


def faults() -> list[str]:
    """Why sign-ins were refused, from the register."""
    rows = db.session.scalars(
        select(AuditEntry).where(AuditEntry.act == "sign_in.refused").order_by(AuditEntry.number)
    )
    return [row.detail["fault"] for row in rows]


def is_in(client) -> bool:
    """Whether somebody is signed in in this browser."""
    return bool(client.get("/en/names").status_code == 200)


def join(client, lang="en", **changes: Any):
    """Fill the form for whom a provider knows and nobody here does."""
    page = client.get(f"/{lang}/join/elsewhere")
    fields = {
        "csrf_token": make.csrf(page),
        "kind": "public",
        "name": "Ines Calder",
        "groups": ["physician"],
        "age": "y",
        "charter": "y",
        **changes,
    }
    sent = {name: value for name, value in fields.items() if value is not None}
    return client.post(f"/{lang}/join/elsewhere", data=sent)


def write_down(client, page):
    """The codes are on paper."""
    plan = found(r'name="plan" value="([^"]+)"', page.text)
    sent = {"csrf_token": make.csrf(page), "plan": plan, "written": "y"}
    return client.post("/en/join/without-address/written-down", data=sent)
