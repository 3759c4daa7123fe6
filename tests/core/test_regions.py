"""Regions: the list, its words in both languages, and its order."""

import re
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.core import regions
from community.core.errors import NotFound
from community.core.folding import fold, sort_key


def test_canada_has_thirteen_provinces_and_territories_from_west_to_east() -> None:
    codes = [place.code for place in regions.provinces()]
    assert codes == ["bc", "ab", "sk", "mb", "on", "qc", "nb", "ns", "pe", "nl", "yt", "nt", "nu"]


def test_quebec_has_its_eighteen_regions_in_official_order() -> None:
    below = regions.children("qc")
    assert [place.code for place in below] == [f"qc-{n:02d}" for n in range(1, 19)]
    assert below[0].name_fr == "Bas-Saint-Laurent"
    assert below[5].name_fr == "Montréal"
    assert below[17].name_fr == "Terres-Cries-de-la-Baie-James"


def test_other_provinces_have_no_regions_under_them() -> None:
    assert regions.children("on") == ()


def test_a_province_stands_before_its_regions_and_these_before_the_next_province() -> None:
    order = {place.code: place.order for place in regions.REGIONS.values()}
    assert order["qc"] < order["qc-01"] < order["qc-18"] < order["nb"]


@pytest.mark.parametrize(
    ("code", "english", "french"),
    [
        ("on", "in Ontario", "en Ontario"),
        ("qc", "in Quebec", "au Québec"),
        ("pe", "in Prince Edward Island", "à l’Île-du-Prince-Édouard"),
        ("nt", "in the Northwest Territories", "dans les Territoires du Nord-Ouest"),
        ("qc-09", "in Côte-Nord", "sur la Côte-Nord"),
    ],
)
def test_a_region_stands_in_a_sentence_of_both_languages(code: str, english: str, french: str) -> None:
    assert regions.region(code).located("en") == english
    assert regions.region(code).located("fr") == french


def test_quebec_regions_keep_their_french_name_on_english_pages() -> None:
    assert all(place.name("en") == place.name("fr") for place in regions.children("qc"))


def test_french_words_have_the_typographic_apostrophe_and_no_double_dash() -> None:
    for place in regions.REGIONS.values():
        assert "'" not in place.name_fr + place.in_fr
        assert not re.search("--|—", place.name_fr)


def test_every_time_zone_exists() -> None:
    for place in regions.REGIONS.values():
        assert place.time_zones
        for name in place.time_zones:
            ZoneInfo(name)


def test_a_region_lies_in_its_province_and_a_province_in_itself() -> None:
    assert regions.with_ancestors("qc-06") == ("qc-06", "qc")
    assert regions.with_ancestors("on") == ("on",)
    assert regions.within("qc")[:2] == ("qc", "qc-01")


def test_a_region_has_the_iso_code_of_its_province() -> None:
    assert regions.region("qc-06").iso == regions.region("qc").iso == "CA-QC"


@pytest.mark.parametrize("code", ["", "xx", "QC", "qc-19", "qc-6", "on ", "../on", "o\x00n"])
def test_an_unknown_code_is_not_found_and_lies_nowhere(code: str) -> None:
    with pytest.raises(NotFound):
        regions.region(code)
    assert regions.with_ancestors(code) == ()
    assert regions.within(code) == ()


def test_the_mapping_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        regions.REGIONS["on"] = regions.region("qc")  # type: ignore[index]


def test_names_are_ordered_without_regard_to_accents_or_case() -> None:
    names = ["Zébulon", "Émilie", "eric", "Étienne", "Œuvre", "Oasis", "L’Épiphanie", "Lac"]
    assert sorted(names, key=sort_key) == [
        "Émilie",
        "eric",
        "Étienne",
        "L’Épiphanie",
        "Lac",
        "Oasis",
        "Œuvre",
        "Zébulon",
    ]


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("Opioïdes", "opioides"),
        ("CŒUR", "coeur"),
        ("Lætitia", "laetitia"),
        ("l’hébergement", "l'hebergement"),
        ("sur\u00addose", "surdose"),
        ("ﬁn", "fin"),
        ("İstanbul", "istanbul"),
        ("e\u0301te\u0301", "ete"),
        ("", ""),
    ],
)
def test_folding_leaves_plain_letters(written: str, folded: str) -> None:
    assert fold(written) == folded


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text())
def test_the_order_of_names_never_fails(text: str) -> None:
    assert sort_key(sort_key(text)) == sort_key(text)
