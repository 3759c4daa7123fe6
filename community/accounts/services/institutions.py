"""The institutions whose mail or sign-in shows where somebody works or studies: kept by administrators."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

from flask_babel import lazy_gettext as _l
from sqlalchemy import func, select

from community.accounts.permissions import may_keep_institutions
from community.accounts.titles import Institution
from community.accounts.viewer import Viewer
from community.core import audit, clock
from community.core.access import require
from community.core.db import db
from community.core.errors import Invalid
from community.core.tidy import tidy

KINDS = ("domain", "issuer")
_DOMAIN = re.compile(r"(?:[a-z0-9-]{1,63}\.)+[a-z]{2,24}")
_ISSUER = re.compile(r"https://[a-z0-9.-]+(?::\d{1,5})?(?:/[A-Za-z0-9._~/-]*)?")
# Where anybody gets an address within a minute, and what belongs to whole provinces.
_OPEN_TO_ALL = frozenset(
    {
        *("gmail.com", "outlook.com", "hotmail.com", "live.com", "yahoo.com", "yahoo.ca", "icloud.com"),
        *("proton.me", "protonmail.com", "videotron.ca", "bell.net", "rogers.com", "telus.net", "shaw.ca"),
        *("qc.ca", "on.ca", "bc.ca", "ab.ca", "sk.ca", "mb.ca", "nb.ca", "ns.ca", "pe.ca", "nl.ca", "co.uk"),
    }
)


def add(viewer: Viewer, kind: str, value: str, name: str) -> Institution:
    """Put an institution on the list. Adding it again changes its name.

    :raises Invalid: no such kind, no domain or issuer, a domain where anybody gets an address, no name.
    """
    require(may_keep_institutions(viewer))
    plain, called = value.strip(), tidy(name)
    plain = plain.lower().removeprefix("@") if kind == "domain" else plain
    _check(kind, plain, called)
    row = db.session.get(Institution, plain)
    if row is None:
        row = Institution(value=plain, kind=kind, name=called, added_on=clock.today())
        db.session.add(row)
    row.name = called
    audit.record(str(viewer.persona_id), "institution.added", plain[:120], kind=kind)
    db.session.flush()
    return row


def _check(kind: str, value: str, name: str) -> None:
    if kind not in KINDS:
        raise Invalid("kind", _l("Choose a kind from the list."))
    shape = _DOMAIN if kind == "domain" else _ISSUER
    if len(value) > 255 or not shape.fullmatch(value):
        raise Invalid(
            "value", _l("Write a domain such as hospital.example, or the https address of an issuer.")
        )
    if kind == "domain" and value in _OPEN_TO_ALL:
        raise Invalid("value", _l("Anybody can have an address there: it shows nothing."))
    if not 2 <= len(name) <= 120:
        raise Invalid("name", _l("Write the name of the organization, in at most 120 characters."))


def remove(viewer: Viewer, value: str) -> None:
    """Take an institution off the list. Titles that it proved stay until they are checked."""
    require(may_keep_institutions(viewer))
    row = db.session.get(Institution, value)
    if row is not None:
        audit.record(str(viewer.persona_id), "institution.removed", value[:120], kind=row.kind)
        db.session.delete(row)
        db.session.flush()


def begin() -> int:
    """The list a new instance starts with; nothing where there is one: what was taken out stays out."""
    if db.session.scalar(select(func.count()).select_from(Institution)):
        return 0
    text = resources.files("community.accounts").joinpath("data/institutions.toml").read_text("utf-8")
    rows = tomllib.loads(text)["institution"]
    for row in rows:
        value, name = row["domain"], row["name"]
        db.session.add(Institution(value=value, kind="domain", name=name, added_on=clock.today()))
    return len(rows)
