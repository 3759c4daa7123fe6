"""What a name may be."""

from __future__ import annotations

import pytest

from community.accounts import proposals
from community.accounts.names import alike, fault_of, skeleton, tidy_name

GOOD = [
    "Noémie Lavigne",
    "Imogen Vale",
    "Anne-Marie d’Aoust",
    "Seamus O'Hara",
    "J. P. Tremblay",
    "Li 3",
    "ᐊᓗᒃ ᐃᓄᒃ",
    "李小龙",
    "Никита Орлов",
    "Zoë Ærø",
    "Drummond Park",
    "Annabelle Mdou",
    "Marsh-Willow",
]
BAD_FORM = [
    "",
    "a",
    "x" * 61,
    "Anna\u202eBella",
    "Anna\u200bBella",
    "Anna <b>",
    "anna@example.org",
    "🙂 Anna",
    "𝓐𝓷𝓷𝓪",
    "Ａｎｎａ",
    "12 34",
    "\x00\x00ab",
    "Аnna",
    "Anna Вell",
    "Αnna",
]
RESERVED = [
    "Admin",
    "ADM1N",
    "Site Administrator",
    "Modératrice",
    "Passerelle",
    "P A S S E R E L L E",
    "Passere11e",
    "Support team",
    "Former Member",
    "ancien membre",
    "Coordonnateur Luc",
    "Verified Anna",
]
TITLED = [
    "Dr Anna Brook",
    "Dr. Anna Brook",
    "Dre Anna Brook",
    "DR ANNA",
    "DrAnna Brook",
    "Anna Brook MD",
    "Anna Brook, M.D.",
    "Anna Brook M. D.",
    "Médecin Anna",
    "Infirmière Julie",
    "Nurse Jo",
    "Pharmac1st Jo",
    "Prof. Jo",
    "Julie inf.",
]

# Pairs that eyes confuse: other alphabets, figures, case, accents, spaces, letters that stand close.
CONFUSED = [
    ("Anna Bell", "Аппа Веll"),
    ("Paypal Jo", "Paypa1 Jo"),
    ("Ilona Kay", "llona Kay"),
    ("Ilona Kay", "1lona Kay"),
    ("Modern Art", "Modem Art"),
    ("Wanda Roy", "VVanda Roy"),
    ("Oscar Lee", "0scar Lee"),
    ("Oscar Lee", "Оѕсаг Lee"),
    ("Noémie Roy", "Noemie Roy"),
    ("Noemie Roy", "noemie roy"),
    ("Noemie Roy", "NoemieRoy"),
    ("Noemie Roy", "Noemie-Roy"),
    ("Jean Luc", "Jean-Luc"),
    ("Coeur Vert", "Cœur Vert"),
    ("Eva Hopp", "Еvа Норр"),
    ("Tom Cox", "Тоm Сох"),
    ("Xavier Poe", "Хavier Рое"),
    ("Kate Hex", "Кate Нех"),
    ("Zoe Kim", "Ζоe Κіm"),
    ("Hana Bee", "Ηana Βее"),
    ("Maria Tin", "Μaria Τin"),
    ("Nora Oz", "Νora Οz"),
    ("Ian Uxo", "Ιan Uхο"),
    ("Jack Sea", "Јack Ѕea"),
    ("David Lin", "ԁavid Lin"),
    ("Quinn Ray", "ԛuinn Ray"),
    ("Ava Hops", "Ava Һops"),
    ("Bob Oslo", "Bоb Oslо"),
    ("Pico Vox", "Рісо Vох"),
    ("Ada Bloom", "Ada B1oorn"),
    ("Mia Cole", "Мia Соle"),
    ("Iris Moon", "lris Мооn"),
    ("Lena O'Hara", "Lena OHara"),
    ("Lena O’Hara", "Lena O'Hara"),
    ("Rose Ann", "Rose  Ann"),
    ("Søren Kay", "Soren Kay"),
]


@pytest.mark.parametrize("name", GOOD)
def test_people_may_be_called_what_they_are_called(name):
    assert fault_of(tidy_name(name), "public") is None


@pytest.mark.parametrize("name", BAD_FORM)
def test_a_name_that_hides_or_imitates_characters_is_refused(name):
    assert fault_of(tidy_name(name), "public")


@pytest.mark.parametrize("name", RESERVED)
def test_a_name_that_could_be_the_sites_voice_is_refused(name):
    assert fault_of(tidy_name(name), "public")


@pytest.mark.parametrize("name", TITLED)
def test_a_title_in_a_name_is_refused_until_it_is_verified(name):
    assert fault_of(tidy_name(name.replace(",", "")), "public")
    assert fault_of(tidy_name(name.replace(",", "")), "public", titled=True) is None


def test_a_protected_name_never_holds_a_title():
    assert fault_of("Dr Willow", "protected", titled=True)


@pytest.mark.parametrize(("one", "other"), CONFUSED)
def test_names_that_eyes_confuse_are_one_name(one, other):
    assert alike(tidy_name(one), tidy_name(other))


@pytest.mark.parametrize(
    ("one", "other"),
    [("Anna Bell", "Anne Bell"), ("Marsh-Willow", "Marsh-Wren"), ("Noemie Roy", "Noemi Roy"), ("Tom", "Tim")],
)
def test_names_that_eyes_tell_apart_are_two(one, other):
    assert not alike(one, other)


def test_a_skeleton_fits_its_column_for_the_longest_name():
    assert len(skeleton("W" * 60)) <= 120


def test_every_name_that_can_be_proposed_is_a_good_one_and_no_two_are_alike():
    seen: dict[str, str] = {}
    for lang in ("fr", "en"):
        first, second = proposals._words(lang)
        for start in first:
            for end in second:
                name = f"{start}-{end}"
                assert fault_of(name, "protected") is None, name
                assert seen.setdefault(skeleton(name), name) == name
                assert proposals.is_proposed(name)
    assert len(seen) > 10_000


def test_what_somebody_made_up_is_no_proposed_name():
    assert not proposals.is_proposed("Anna-Brook")
    assert not proposals.is_proposed("Marsh")
    assert not proposals.is_proposed("")


def test_recovery_codes_differ_and_hold_no_letter_taken_for_a_figure():
    codes = {proposals.recovery_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("01IO") & set("".join(codes))


@pytest.mark.parametrize("kind", ["public", "protected"])
@pytest.mark.parametrize(
    "name", ["TREM87530319", "Trem 8753 0319", "Marie 514 555 0142", "SIN 046 454 286", "Lou H2X 1Y4"]
)
def test_a_name_holds_no_number_of_a_person(name, kind):
    assert "number" in str(fault_of(tidy_name(name), kind))
