"""No page, no command and no log line says who is behind a name (SECURITY section 6.3, case 1k).

Breaking the glass is the one exception; its own tests are in tests/accounts/test_breakglass.py.
"""

from __future__ import annotations

import pytest

from community.accounts import vault
from community.accounts.members import User
from community.core.db import db
from community.core.sealing import Keyring, new_secret
from tests.conftest import Operator
from tests.rules import route_table

PAGES = [row for row in route_table.read() if row.method == "GET"]
# What prints something, and needs nothing or a name to print it.
COMMANDS = (
    ["duties", "list"],
    ["duties", "find", "Quiet-Alder"],
    ["duties", "find", "Alex Orchard"],
    ["audit", "verify"],
    ["check"],
    ["routes"],
    ["vault", "--help"],
)


@pytest.fixture(scope="module")
def telling(place):
    """What would tell: the account behind Quiet-Alder (its key, its address), and its other name."""
    lived, other = place.world.cast["lived"], place.world.cast["also_lived"]
    email = db.session.get_one(User, lived.member_id).email
    db.session.remove()
    return [str(lived.member_id), str(email)], str(lived.persona_id), str(other.persona_id)


@pytest.mark.parametrize("who", ["administrator", "coordinator", "moderator"])
def test_no_page_of_anybody_with_a_duty_says_who_is_behind_a_name(place, telling, who, capfd):
    account, _name, _other = telling
    asked = 0
    for row in PAGES:
        if who != "administrator" and row.answers[who] == row.answers["member"]:
            continue
        answer = place.row(who, row.method, row.endpoint, row.thing)
        told = [value for value in account if value.encode() in answer.get_data()]
        assert not told, f"{row} tells {told}"
        asked += answer.status_code == 200
    assert asked > 5
    logged = "".join(capfd.readouterr())
    assert not [value for value in account if value in logged]


@pytest.mark.parametrize("words", COMMANDS, ids=" ".join)
def test_no_command_says_it(place, telling, words):
    account, name, other = telling
    said = Operator(place.app).invoke(args=words).output
    assert not [value for value in account if value in said]
    assert not (name in said and other in said)


def test_no_command_takes_a_name_and_asks_for_its_account(place):
    """What commands there are on the vault: to turn its key and to begin anew, and nothing that reads it."""
    assert set(place.app.cli.get_command(None, "vault").commands) == {"rotate", "start-over"}
    assert not [name for name in place.app.cli.list_commands(None) if "glass" in name or "link" in name]


def test_without_the_key_the_rows_of_the_vault_open_nothing(place, telling):
    name = telling[1]
    assert vault.member_of(name) is not None
    ring = place.app.extensions["keyring"]
    place.app.extensions["keyring"] = Keyring((new_secret(),))
    try:
        assert vault.member_of(name) is None
    finally:
        place.app.extensions["keyring"] = ring
        db.session.remove()
