"""The themes and the spaces a new community starts with."""

import re

import pytest

from community.core.regions import REGIONS
from community.forum.first_spaces import KINDS, FirstSpace, first_spaces
from community.forum.themes import THEMES

GROUPS = (
    "physician nurse_practitioner nurse pharmacist social_worker psychotherapist counsellor "
    "harm_reduction_worker learner lived_experience family government public_health researcher public"
).split()
AUDIENCES = {"everyone", "member", "professional", "clinician", "members"} | {f"group:{group}" for group in GROUPS}
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
    assert space.name_en and space.name_fr and space.description_en and space.description_fr
    assert not WRONG_FRENCH.search(space.name_fr + space.description_fr + space.mandate_fr)
    assert set(space.see + space.post) <= AUDIENCES
    assert space.see and space.post
    assert space.moderate == ()


@pytest.mark.parametrize(
    ("slug", "see", "post"),
    [
        ("public-square", "everyone", "member"),
        ("meeting-place", "everyone", "member"),
        ("opioids", "clinician", "clinician"),
        ("on", "professional", "professional"),
        ("qc-06", "professional", "professional"),
        ("lived-experience", "group:lived_experience group:family members", "group:lived_experience group:family members"),
        (
            "policy",
            "member",
            "professional group:government group:public_health group:lived_experience group:family group:researcher",
        ),
        ("committee-first-line", "members", "members"),
        ("committee-meeting-place", "members", "members"),
    ],
)
def test_who_may_see_and_who_may_post(slug: str, see: str, post: str) -> None:
    assert SPACES[slug].see == tuple(see.split())
    assert SPACES[slug].post == tuple(post.split())


def test_only_committees_have_a_mandate() -> None:
    assert {s.slug for s in first_spaces() if s.mandate_en} == {s.slug for s in first_spaces() if s.kind == "committee"}


def test_a_theme_speaks_both_languages() -> None:
    assert THEMES["chronic-pain"].name("fr") == "Douleur chronique"
    assert THEMES["chronic-pain"].name("en") == "Chronic pain"
    for theme in THEMES.values():
        assert theme.description("en") and not WRONG_FRENCH.search(theme.description("fr"))
