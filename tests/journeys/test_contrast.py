"""Contrast that is measured once for each look: what looks otherwise on another page is found there."""

from __future__ import annotations

import pytest

from tests.journeys.contrast import Measured
from tests.journeys.inspection import violations

GOOD = "<p class=said>Words that can be read.</p>"
PAGE = """<!doctype html><html lang="en"><title>Page</title><style>
body {{ color: #222; background: #fff }} {style}</style><main><h1>Page</h1>{inside}</main></html>"""


@pytest.fixture(scope="module")
def window(browser):
    page = browser.new_page(viewport={"width": 390, "height": 844})
    yield page
    page.context.close()


@pytest.mark.parametrize(
    ("inside", "style"),
    [
        (GOOD, ".said { color: #aaa }"),
        (f"<div class=box>{GOOD}</div>", ".box { background: #333 }"),
        (f"<div class=box><div>{GOOD}</div></div>", ".box { background: #333 }"),
        ("<p class=other>Words.</p>", ".other { color: #aaa }"),
        ("<p class=said>Words <a href='/'>of a link</a></p>", "a { color: #ccc }"),
        ("<label>Name <input class=field value=Words></label>", ".field { color: #bbb; background: #fff }"),
    ],
)
def test_a_fault_on_a_page_is_found_though_its_words_were_measured_elsewhere(window, inside, style):
    measured = Measured()
    window.set_content(PAGE.format(inside=GOOD, style=""))
    assert violations(window, measured) == []
    assert measured.looks
    window.set_content(PAGE.format(inside=inside, style=style))
    assert [one for one in violations(window, measured) if one.startswith("axe color-contrast")]


def test_it_is_told_once_and_every_page_is_as_before_for_whoever_measures_all(window):
    measured, faulty = Measured(), PAGE.format(inside=GOOD * 3, style=".said { color: #aaa }")
    window.set_content(faulty)
    assert len(violations(window, measured)) == 1
    window.set_content(faulty)
    assert violations(window, measured) == []
    window.set_content(faulty)
    assert len(violations(window)) == 1


def test_what_could_not_be_told_is_measured_where_it_can(window):
    """Something lay over the words of the first page."""
    measured, over = Measured(), "<div style='position:absolute;inset:0;background:#fff8'></div>"
    window.set_content(PAGE.format(inside=GOOD + over, style=".said { color: #aaa }"))
    assert violations(window, measured) == []
    window.set_content(PAGE.format(inside=GOOD, style=".said { color: #aaa }"))
    assert len(violations(window, measured)) == 1
