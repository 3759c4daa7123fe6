"""Small doors by which two names of one person could be tied together (SECURITY section 6.3, case 1)."""

from __future__ import annotations

from pathlib import Path

from flask import g

from community.accounts.models import Persona
from community.core.ids import new_key
from community.core.limits import who
from tests.worlds.dump import likeness

TEMPLATES = Path(__file__).parents[2] / "templates"


def test_what_stands_beside_a_name_is_made_of_that_name_alone():
    """1c: letters, no picture: none is stored, none is asked for elsewhere, none comes from an address."""
    assert Persona(name="Quiet-Alder", kind="protected").monogram == "QA"
    assert not [page.name for page in TEMPLATES.rglob("*.html") if "<img" in page.read_text("utf-8")]


def test_changing_name_changes_nothing_that_others_could_see(place):
    """1e: no row but that of the session, so no job, no ping, no presence."""
    answer = place.row("lived", "POST", "accounts.speak", "")
    assert answer.status_code == 302
    assert not set(place.written)


def test_keys_do_not_tell_which_was_made_first():
    """1f: two hundred keys in the order in which they were made, and in their own."""
    made = [new_key() for _ in range(200)]
    assert abs(likeness(made, sorted(made))) < 0.35
    assert {len(key) for key in made} == {22}


def test_no_form_of_the_site_takes_a_file():
    """1i: there are no uploads, hence nothing in them to betray anybody. The first one has to change this."""
    assert not [page.name for page in TEMPLATES.rglob("*.html") if 'type="file"' in page.read_text("utf-8")]


def test_limits_count_names_and_never_the_member_behind_two_of_them(place):
    """1j: who is slowed under one name is not slowed under the other."""
    counted = []
    for name in ("lived", "also_lived"):
        with place.app.test_request_context("/en/"):
            g.viewer = place.world.cast[name].viewer
            counted.append(who())
    assert counted == [f"p:{place.world.cast[name].persona_id}" for name in ("lived", "also_lived")]
