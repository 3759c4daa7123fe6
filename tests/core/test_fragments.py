"""Parts of pages rendered once: right for everybody, because they are kept under what they are made of."""

from __future__ import annotations

import re

import pytest
from flask import g, render_template_string

from community.core.pages.fragments import MOST_BYTES, MOST_ONCE, Fragments

PART = (
    "{% call(key, name) rendered_once(('part', said), key, name) %}"
    "<form><input name=csrf_token value='{{ csrf_token() }}'>{{ said }} "
    "<a href='/{{ key }}'>{{ name }}</a></form>"
    "{% endcall %}"
)


VARIOUS = "{% call() rendered_once(('found', said), various=true) %}{{ made() }}{% endcall %}"


@pytest.fixture
def render(app):
    """Render a part in a request of its own."""

    def rendered(said, key="k1", name="Ada", lang="en"):
        with app.test_request_context(f"/{lang}/"):
            g.pop("csrf_token", None)
            g.lang = lang
            return render_template_string(PART, said=said, key=key, name=name)

    return rendered


def test_other_values_are_another_part(render):
    assert "one" in render("one")
    assert "two" in render("two")
    assert "one" in render("one")


def test_what_stands_in_a_place_is_put_in_each_time_and_escaped(render):
    render("same", "k1", "Ada")
    second = render("same", "k2", "<b>Bo</b>")
    assert "href='/k2'" in second
    assert "&lt;b&gt;Bo" in second
    assert "Ada" not in second


def test_each_use_carries_a_token_of_its_own(render):
    tokens = [re.findall("value='([^']+)'", render("form"))[0] for _ in range(2)]
    assert tokens[0] != tokens[1]
    assert "\x00" not in "".join(tokens)


def test_too_many_parts_make_room_counted_in_bytes():
    fragments = Fragments()
    fragments.put("large", "’" * (MOST_BYTES // 3))  # two bytes each
    fragments.put("next", "y")
    assert set(fragments.kept) == {"large", "next"}
    fragments.put("as large", "’" * (MOST_BYTES // 3))
    assert set(fragments.kept) == {"as large"}


def test_a_part_that_two_rendered_at_once_is_counted_once():
    fragments = Fragments()
    fragments.put("part", "x" * 1_000)
    bytes_of_one = fragments.bytes
    fragments.put("part", "x" * 1_000)
    assert fragments.bytes == bytes_of_one


def test_of_what_is_found_only_what_comes_a_second_time_is_kept(app):
    made = []

    def look(said):
        def words():
            made.append(said)
            return said

        with app.test_request_context("/en/"):
            g.lang = "en"
            render_template_string(VARIOUS, said=said, made=words)
        return made.count(said)

    assert [look("asked once more"), look("asked once more"), look("asked once more")] == [1, 2, 2]
    assert look("asked once") == 1


def test_that_a_part_was_made_once_is_forgotten_where_very_many_are():
    fragments = Fragments()
    assert not any(fragments.comes_again(name) for name in range(MOST_ONCE))
    assert fragments.comes_again(0)
    assert not fragments.comes_again("one more")
    assert not fragments.comes_again(0)
