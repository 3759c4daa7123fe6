"""Words: what a text is cut into, and what any question becomes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from community.search import words
from community.search.words import elide, fold, query_words, readable, stem, stems, tokens, tokens_of


def cut(text: str) -> list[str]:
    return [token.word for token in tokens(readable(text))]


@pytest.mark.parametrize(
    ("written", "bare"),
    [
        ("l’hébergement", "hébergement"),
        ("l'hébergement", "hébergement"),
        ("d’urgence", "urgence"),
        ("qu’on", "on"),
        ("jusqu’à", "à"),
        ("lorsqu’elle", "elle"),
        ("quelqu’un", "un"),
        ("d’l’eau", "eau"),
        ("aujourd’hui", "aujourd'hui"),
        ("patient's", "patient"),
        ("don't", "don't"),
        ("o'brien", "o'brien"),
        ("l'", "l'"),
        ("naloxone", "naloxone"),
        ("", ""),
    ],
)
def test_what_is_elided_is_taken_off(written: str, bare: str) -> None:
    assert elide(written) == bare


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("L’hébergement d’urgence", ["hébergement", "urgence"]),
        ("buprénorphine/naloxone 8 mg", ["buprénorphine", "naloxone", "8", "mg"]),
        ("12,5 mg ou 12.5 mg", ["12.5", "mg", "ou", "12.5", "mg"]),
        ("la loi C-24", ["la", "loi", "c", "24", "c24"]),
        ("9-8-8", ["9", "8", "8", "988"]),
        ("sous-cutanée", ["sous", "cutanée"]),
        ("snake_case", ["snake", "case"]),
        ("e\u0301te\u0301", ["été"]),
        ("sur\u00addose", ["surdose"]),
        ("CŒUR", ["cœur"]),
        ("ᐃᓄᒃᑎᑐᑦ", ["ᐃᓄᒃᑎᑐᑦ"]),
        ("« »  … !? 💊", []),
        ("", []),
    ],
)
def test_a_text_is_cut_into_words(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_word_remembers_where_it_stands() -> None:
    text = "Voir l’ordonnance."
    _, token = tokens(text)
    assert text[token.start : token.end] == "l’ordonnance"


@pytest.mark.parametrize(
    "family",
    [
        ["épuisé", "épuisés", "épuisée", "épuisement"],
        ["opioïde", "opioïdes"],
        ["surdose", "surdoses"],
        ["infirmière", "infirmières"],
    ],
)
def test_a_french_family_has_one_stem(family: list[str]) -> None:
    assert len({stem(word, "fr") for word in family}) == 1


@pytest.mark.parametrize(
    "family", [["opioid", "opioids"], ["prescribe", "prescribing"], ["withdrawal", "withdrawals"]]
)
def test_an_english_family_has_one_stem(family: list[str]) -> None:
    assert len({stem(word, "en") for word in family}) == 1


@pytest.mark.parametrize(
    ("french", "english"),
    [
        ("opioïde", "opioid"),
        ("méthadone", "methadone"),
        ("buprénorphine", "buprenorphine"),
        ("naloxone", "naloxone"),
    ],
)
def test_words_alike_in_both_languages_meet(french: str, english: str) -> None:
    assert stem(french, "fr") in stems(english)


def test_a_word_without_accents_meets_the_accented_one_by_its_folded_form() -> None:
    for bare, accented in [
        ("deces", "décès"),
        ("fatiguee", "fatiguée"),
        ("coeur", "cœur"),
        ("benevole", "bénévole"),
    ]:
        assert fold(bare) == fold(accented)


def test_a_word_of_another_language_is_only_folded() -> None:
    assert stem("Ärzte", "de") == "arzte"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("l'hébergement", ("hébergement",)),
        ('"x', ("x",)),
        ("AND", ("and",)),
        ("OR NOT AND", ("or", "not", "and")),
        ("C-24", ("c", "24", "c24")),
        ("", ()),
        ("   \t\n", ()),
        ("\x00", ()),
        ("'; DROP TABLE post; --", ("drop", "table", "post")),
        ("title:opioid AND body:*", ("title", "opioid", "body")),
        ("Comment commencer la buprénorphine ?", ("commencer", "buprénorphine")),
        ("What is the dose of the naloxone?", ("dose", "naloxone")),
        ("dose Dose DOSE dosé", ("dose",)),
        ("le la les", ("le", "la", "les")),
        ("down", ("down",)),
        ("hépatite C", ("hépatite", "c")),
        ("((((", ()),
        ("%_\\", ()),
    ],
)
def test_any_text_is_a_question(text: str, expected: tuple[str, ...]) -> None:
    assert query_words(text) == expected


def test_ten_thousand_words_become_thirty_two() -> None:
    found = query_words(" ".join(f"mot{n}" for n in range(10_000)))
    assert len(found) == words.MOST_WORDS
    assert found[0] == "mot0"


def test_a_word_without_end_is_cut() -> None:
    (found,) = query_words("a" * 100_000)
    assert len(found) <= words.LONGEST_WORD


@given(st.text())
def test_no_question_fails_and_each_word_comes_once(text: str) -> None:
    found = query_words(text, limit=5)
    assert len(found) <= 5
    assert len({fold(word) for word in found}) == len(found)
    for word in found:
        assert word
        assert stems(word)


@given(st.text())
def test_tokens_stand_where_they_say_and_in_order(text: str) -> None:
    shown = readable(text)
    places = [(token.start, token.end) for token in tokens(shown)]
    assert all(0 <= start < end <= len(shown) for start, end in places)


@given(
    st.text(alphabet=st.characters(categories=["L"]), min_size=1, max_size=20), st.sampled_from(["fr", "en"])
)
def test_every_word_has_a_stem(word: str, lang: str) -> None:
    assert stem(word.lower(), lang) or not fold(word)


@given(
    st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"),
    st.text(alphabet=st.characters(categories=["L", "Nd"]), max_size=20),
    st.sampled_from(["fr", "en"]),
)
def test_a_stem_begins_as_its_word_does(first: str, rest: str, lang: str) -> None:
    # What is marked in an extract is looked for by that (see extracts).
    word = readable(first + rest.lower())
    if word[0] == first:
        assert stem(word, lang)[:1] == fold(word)[:1] == first


@given(st.text(max_size=20))
def test_eliding_twice_changes_nothing_more(token: str) -> None:
    assert elide(elide(token)) == elide(token)


@given(
    st.text(alphabet="aàéœLd'’ -‐9,._cC24\n", max_size=60),
    st.sets(st.sampled_from(["a", "c24", "9", "d", "é"])),
)
def test_the_words_that_are_wanted_are_those_of_all(text: str, wanted: set[str]) -> None:
    shown = readable(text)
    assert tokens_of(shown, wanted.__contains__) == [one for one in tokens(shown) if one.word in wanted]
