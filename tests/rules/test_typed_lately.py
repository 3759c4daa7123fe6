"""What an administrator or a coordinator alone opens or does asks for a password that was typed long ago."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine

from community.core import clock
from tests.rules import answers, route_table, things

LONG_AGO = timedelta(minutes=46)  # a session of whoever has a duty may lie idle for an hour
ALONE = ("administrator", "coordinator")
# What a service offers is work on the directory, which says nothing of anybody; two people change it.
OF_SERVICES = ("directory.", "directory_referrals.", "keeping.", "corrections.", "arrangements.")
# Nobody is held up who says that something is wrong; of what one duty alone sees these are services, too.
REPORTS = ("moderation.report",)


def _of_one_duty(row: route_table.Row) -> str:
    """Who alone finds what this line is about; nobody where others do, or are told that they may not."""
    finding = [who for who, answer in row.answers.items() if answer not in {"404", "sign-in", "401"}]
    return finding[0] if len(finding) == 1 and finding[0] in ALONE else ""


LEFT_OUT = OF_SERVICES + REPORTS
ROWS = [row for row in route_table.read() if _of_one_duty(row) and not row.endpoint.startswith(LEFT_OUT)]


def test_there_are_many():
    assert len({row.endpoint for row in ROWS}) > 25


@pytest.mark.parametrize("row", ROWS, ids=str)
def test_what_a_duty_alone_opens_asks_for_the_password_again(place, row):
    sent = things.form(place.world, row.endpoint, row.thing) if row.method != "GET" else None
    who, address = _of_one_duty(row), place.path(row.endpoint, row.thing)
    with time_machine.travel(clock.now() + LONG_AGO):
        answer = place.ask(who, row.method, address, data=sent)
    assert answers.said(answer) == "again"
