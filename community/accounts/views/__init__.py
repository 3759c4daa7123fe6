"""The pages of accounts: names, titles, duties, a persona's page, what administrators keep."""

from __future__ import annotations

from community.accounts.views import (
    attested,
    blocking,
    breakglass,
    credentials,
    duties,
    joining,
    names,
    operating,
    people,
    without_address,
)  # isort: skip
from community.accounts.views.blueprint import bp

from community.accounts.views import address, devices, passkeys, second_step, security  # isort: skip
from community.accounts.views import title_checks  # isort: skip

__all__ = [
    "attested",
    "blocking",
    "bp",
    "breakglass",
    "credentials",
    "duties",
    "joining",
    "names",
    "operating",
    "people",
    "without_address",
    "address",
    "devices",
    "passkeys",
    "second_step",
    "security",
    "title_checks",
]
