"""The pages of accounts: names, titles, duties, a persona's page, what administrators keep."""

from __future__ import annotations

from community.accounts.views.blueprint import bp

from community.accounts.views import blocking, credentials, duties, joining, names, operating, people, without_address  # isort: skip
from community.accounts.views import title_checks  # isort: skip
from community.accounts.views import attested, breakglass  # isort: skip

__all__ = ["attested", "bp", "breakglass", "credentials", "duties", "joining", "names", "operating", "people", "without_address", "title_checks"]
