"""Who gets hold of the whole database learns nothing of who is behind a name (SECURITY 6.3, case 1b)."""

from __future__ import annotations

import copy
from datetime import datetime
from typing import Any

import pytest

from tests.worlds import journeys
from tests.worlds.dump import VAULT, Rows, likeness, shared, values

# As many things in two orders agree this well by chance once in some thousand tries.
BY_CHANCE = 0.8
# And this well by no chance: thirteen of them once in some million tries.
TELLS = 0.95


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory, worker_id):
    folder = tmp_path_factory.mktemp("journeys")
    with journeys.walked(folder, f"passerelle_journeys_{worker_id}") as found:
        yield found


def both(aftermath):
    return {"while jobs wait": aftermath.waiting, "when all is done": aftermath.done}


@pytest.mark.timeout(300)
def test_the_journeys_left_something_in_every_table_they_should(aftermath):
    """Otherwise the comparison proves nothing."""
    filled = {table for table, rows in aftermath.done.items() if rows}
    assert filled >= {
        *("conversation", "conversation_member", "message", "reach", "distance"),
        *("member", "sign_in", "consent", "vault", "persona", "persona_group", "credential"),
        *("credential_decision", "duty", "audit_entry", "topic", "post", "reaction", "bookmark"),
        *("follow", "reading", "draft", "report", "once"),
        *("can_answer", "notice", "letter", "mail_choice", "mail_setting", "open_note", "rescue_code"),
        *("persona_archive", "leaving"),
        *("opening", "attestation", "space_charter"),
    }
    assert aftermath.waiting["job"]
    assert {len(personas) for personas in aftermath.links.values()} >= {1, 2}


def test_no_value_of_an_account_is_found_on_the_side_of_the_names(aftermath):
    for when, rows in both(aftermath).items():
        assert not shared(rows, aftermath.accounts), when


def planted(aftermath, table, column, value) -> Rows:
    """The dump with one value of one row of a name changed."""
    rows: Rows = copy.deepcopy(aftermath.done)
    rows[table][len(rows[table]) // 2][column] = value
    return rows


def of_members(aftermath, column):
    return next(row[column] for row in aftermath.done["member"] if row[column] is not None)


@pytest.mark.parametrize(
    ("table", "column"),
    [("persona", "recovery_hash"), ("topic", "imported_from"), ("draft", "place"), ("once", "answer")],
)
def test_the_comparison_finds_the_id_of_a_member_in_a_row_of_a_name(aftermath, table, column):
    found = shared(planted(aftermath, table, column, of_members(aftermath, "id")), aftermath.accounts)
    assert f"{table}.{column}" in {one.persona for one in found}


def test_the_comparison_finds_it_inside_the_arguments_of_a_job_and_as_a_hash(aftermath):
    import hashlib

    member = of_members(aftermath, "id")
    for value in ({"for": [f"m:{member}"]}, {"for": hashlib.sha256(member.encode()).hexdigest()}):
        rows = copy.deepcopy(aftermath.waiting)
        rows["job"][0]["arguments"] = value
        assert "job.arguments" in {one.persona for one in shared(rows, aftermath.accounts)}


def test_the_comparison_finds_the_second_of_an_account_in_a_row_of_a_name(aftermath):
    second = datetime(2026, 3, 2, 9, 41, 17, 250_000)  # noqa: DTZ001  (the engines give it back in two ways)
    rows = planted(aftermath, "post", "created_at", second)
    rows["member"][0]["joined_at"] = second.replace(microsecond=0)
    assert ("member.joined_at", "post.created_at") in {
        (one.account, one.persona) for one in shared(rows, aftermath.accounts)
    }


def test_the_account_side_keeps_no_minute(aftermath):
    moments = [
        cell
        for table in aftermath.accounts
        for row in aftermath.done[table]
        for cell in row.values()
        if isinstance(cell, datetime)
    ]
    assert moments
    assert not [moment for moment in moments if moment.minute or moment.second or moment.microsecond]


def test_nothing_on_the_side_of_the_names_points_at_an_account(aftermath):
    assert aftermath.accounts >= {"member", "sign_in", "consent", "rescue_code"}
    assert not aftermath.accounts & {"persona", "post", "draft", "persona_archive", "leaving"}


def test_every_row_of_the_vault_has_the_same_shape(aftermath):
    for rows in both(aftermath).values():
        assert {tuple(sorted(row)) for row in rows[VAULT]} == {("sealed", "tag")}
        assert {(len(row["tag"]), len(row["sealed"])) for row in rows[VAULT]} == {(32, 12 + 22 + 16)}
        assert len({row["tag"] for row in rows[VAULT]}) == len({row["sealed"] for row in rows[VAULT]})


def test_what_the_vault_holds_is_found_nowhere_else(aftermath):
    for rows in both(aftermath).values():
        elsewhere = "\n".join(
            str(value)
            for table, found in rows.items()
            if table != VAULT
            for row in found
            for cell in row.values()
            for value in values(cell)
        )
        vault = [bytes(row[column]).hex() for row in rows[VAULT] for column in ("tag", "sealed")]
        assert not [cell for cell in vault if cell in elsewhere or cell[:24] in elsewhere]


def test_the_order_of_the_tables_groups_nothing(aftermath):
    """Whoever was stored after whom on one side tells nothing of the other."""
    for rows in both(aftermath).values():
        behind = {personas[-1]: member for member, personas in aftermath.links.items() if personas}
        members = [row["id"] for row in rows["member"] if row["id"] in behind.values()]
        personas = [behind[row["id"]] for row in rows["persona"] if row["id"] in behind]
        assert len(members) == len(personas) > 12
        assert abs(likeness(members, personas)) < BY_CHANCE


def test_nor_do_tables_beside_them_stand_in_the_order_of_one_another(aftermath):
    """Agreements or devices in the order of joining, beside groups of names in that order, would tell all."""
    behind = {persona: member for member, personas in aftermath.links.items() for persona in personas}
    found = {table: _first_met(rows, behind) for table, rows in aftermath.done.items()}
    assert len(found["consent"]) > 12
    assert len(found["persona_group"]) > 12
    telling = []
    for ours in aftermath.accounts:
        for theirs in set(found) - aftermath.accounts - {VAULT}:
            beside = [member for member in found[ours] if member in set(found[theirs])]
            others = [member for member in found[theirs] if member in set(beside)]
            if len(beside) > 12 and abs(likeness(beside, others)) > TELLS:
                telling.append((ours, theirs))
    assert telling == []


def _first_met(rows: list[dict[str, Any]], behind: dict[str, str]) -> list[str]:
    """The members in the order in which a table speaks of them, or of their names, for the first time."""
    members = set(behind.values())
    cells = [cell for row in rows for cell in row.values() if isinstance(cell, str)]
    return list(dict.fromkeys(behind.get(cell, cell) for cell in cells if cell in behind or cell in members))


def test_what_an_engine_keeps_with_each_row_ties_no_name_to_an_account(aftermath):
    """A member and a name written by one transaction would bear its number."""
    names = {VAULT, "persona", "leaving"}
    kept = {table: aftermath.numbered[table] for table in aftermath.accounts | names}
    assert all(aftermath.done[table] for table in ("member", "consent", *names))
    assert {table: numbers for table, numbers in kept.items() if len(numbers) > 1} == {}
    assert {held for numbers in kept.values() for _, held in numbers} == {0}
    of_accounts = {number for table in aftermath.accounts for number, _ in kept[table]} - {0}
    elsewhere = {
        number
        for table in set(aftermath.numbered) - aftermath.accounts
        for number, _ in aftermath.numbered[table]
    }
    assert not of_accounts & elsewhere


def test_the_order_of_the_vault_groups_nothing(aftermath):
    from community.accounts import vault
    from community.core.sealing import unseal

    assert vault.count() == 2 * sum(map(len, aftermath.links.values()))
    behind = {persona: member for member, personas in aftermath.links.items() for persona in personas}
    halves = [unseal("vault seal", row["sealed"], row["tag"]).decode() for row in aftermath.done[VAULT]]
    sides = [behind.get(half, half) for half in halves]
    beside = sum(one == next for one, next in zip(sides, sides[1:], strict=False))
    # By chance a neighbour is of the same member about once in as many rows as there are members.
    assert beside <= len(sides) / 4


def test_what_the_vault_attests_is_a_name_and_two_days(aftermath):
    (row,) = aftermath.done["attestation"]
    assert set(row) == {"persona_id", "from_on", "until_on"}
    assert not [entry for entry in aftermath.done["audit_entry"] if row["persona_id"] in repr(entry)]


def test_no_job_ever_carried_a_member_and_a_name(aftermath):
    members = list(aftermath.links)
    personas = [row["id"] for row in aftermath.done["persona"]]
    assert aftermath.jobs
    for name, arguments in aftermath.jobs:
        held = [any(one in arguments for one in side) for side in (members, personas)]
        assert not all(held), f"{name} carries both"


def test_no_entry_of_the_register_names_a_member(aftermath):
    register = repr(aftermath.done["audit_entry"])
    assert not [member for member in aftermath.links if member in register]
