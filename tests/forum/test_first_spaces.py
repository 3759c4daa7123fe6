"""The themes and the spaces a new community starts with."""

import re

import pytest

from community.core.regions import REGIONS
from community.forum.first_spaces import KINDS, FirstSpace, first_spaces
from community.forum.themes import THEMES

LIVED = ("group:lived_experience", "group:family", "members")
AUDIENCES = {
    *("everyone", "member", "professional", "clinician"),
    *LIVED,
    *("group:government", "group:public_health", "group:researcher"),
}
SPACES = {space.slug: space for space in first_spaces()}
WRONG_FRENCH = re.compile(r"'|(?<!\u00a0)[:»%]|«(?!\u00a0)|(?<!\u202f)[;!?]")


def test_slugs_are_unique_and_fit_an_address() -> None:
    assert len(SPACES) == len(first_spaces())
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", slug) for slug in SPACES)


def test_every_region_and_every_theme_has_its_space() -> None:
    assert {space.region for space in first_spaces() if space.kind == "regional"} == set(REGIONS)
    assert {space.theme for space in first_spaces() if space.kind == "clinical"} == set(THEMES)
    assert all(space.slug == (space.region or space.theme or space.slug) for space in first_spaces())


@pytest.mark.parametrize("space", first_spaces(), ids=lambda space: space.slug)
def test_a_space_is_whole_in_both_languages_and_names_known_audiences(space: FirstSpace) -> None:
    assert space.kind in KINDS
    assert all((space.name_en, space.name_fr, space.description_en, space.description_fr))
    assert not WRONG_FRENCH.search(space.name_fr + space.description_fr + space.mandate_fr)
    assert set(space.see + space.post) <= AUDIENCES
    assert all((space.see, space.post))
    assert space.moderate == ()


@pytest.mark.parametrize(
    ("slug", "see", "post"),
    [
        ("public-square", ("everyone",), ("member",)),
        ("meeting-place", ("everyone",), ("member",)),
        ("opioids", ("clinician",), ("clinician",)),
        ("on", ("professional",), ("professional",)),
        ("qc-06", ("professional",), ("professional",)),
        ("lived-experience", LIVED, LIVED),
        (
            "policy",
            ("member",),
            (
                "professional",
                "group:government",
                "group:public_health",
                "group:lived_experience",
                "group:family",
                "group:researcher",
            ),
        ),
        ("committee-first-line", ("members",), ("members",)),
        ("committee-meeting-place", ("members",), ("members",)),
    ],
)
def test_who_may_see_and_who_may_post(slug: str, see: tuple[str, ...], post: tuple[str, ...]) -> None:
    assert SPACES[slug].see == see
    assert SPACES[slug].post == post


def test_only_committees_have_a_mandate() -> None:
    for space in first_spaces():
        assert bool(space.mandate_en) == bool(space.mandate_fr) == (space.kind == "committee")


def test_a_theme_speaks_both_languages() -> None:
    assert THEMES["chronic-pain"].name("fr") == "Douleur chronique"
    assert THEMES["chronic-pain"].name("en") == "Chronic pain"
    for theme in THEMES.values():
        assert theme.description("en")
        assert not WRONG_FRENCH.search(theme.description("fr"))
