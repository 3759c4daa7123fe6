"""What the clock and the pages ask of the privacy centre."""

from __future__ import annotations

from datetime import timedelta

from community.accounts.privacy import closing, late_letters, registers, requests, taking
from community.core.db import transaction
from community.core.jobs import job


@job(taking.OF_NAME, lane="bulk")
def make_archive(persona_id: str) -> None:
    """Make the archive of one name."""
    with transaction():
        taking.make(persona_id)


@job("accounts.drop_archives", lane="bulk", every=timedelta(hours=1))
def drop_archives() -> None:
    """Drop archives whose day is over."""
    with transaction():
        taking.drop_old()
        taking.drop_files_of_nobody()


@job("accounts.let_go", lane="bulk", every=timedelta(days=1))
def let_go() -> None:
    """Let go of the names whose day has come, each in a transaction of its own.

    One that cannot go keeps no other back: what stood in its way is raised after the rest, and tried again.
    """
    problems: list[Exception] = []
    for persona_id in closing.due():
        try:
            with transaction():
                closing.let_go(persona_id)
        except Exception as problem:
            problems.append(problem)
    if problems:
        raise problems[0]


@job("accounts.drop_records", lane="bulk", every=timedelta(days=1))
def drop_records() -> None:
    """Drop entries of the register of incidents after their five years, and requests after theirs."""
    with transaction():
        registers.drop_old()
        requests.drop_old()


@job("accounts.late_requests", every=timedelta(hours=6))
def late_requests() -> None:
    """Write to those who answer for the community that the day of a request is over, once for each."""
    with transaction():
        if requests.newly_late():
            late_letters.send()
