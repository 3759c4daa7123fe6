"""The check rules: numbers made by them pass, the same with one slip do not."""

from __future__ import annotations

import pytest

from community.core.identifiers.checks import bc_phn, luhn, ohip, ramq, ramq_form


@pytest.mark.parametrize("number", ["TREM87031418", "TREM8703141 8".replace(" ", "")])
def test_a_form_wants_a_real_date(number):
    assert ramq_form(number)
    assert not ramq_form(number[:6] + "13" + number[8:])
    assert not ramq_form(number[:8] + "32" + number[10:])
    assert not ramq_form(number[:6] + "63" + number[8:])


def made(letters: str, year: int, month: int, day: int, *, woman: bool, eleventh: str) -> list[str]:
    """The numbers of that person whose check is right: one for each century in which it may be read."""
    start = f"{letters}{year % 100:02d}{month + (50 if woman else 0):02d}{day:02d}{eleventh}"
    return [start + last for last in "0123456789" if ramq(start + last)]


@pytest.mark.parametrize("eleventh", ["1", "9", "A", "H", "N", "Z"])
@pytest.mark.parametrize("woman", [False, True])
def test_every_start_has_a_check_for_men_and_women_and_with_letters_at_the_eleventh_place(woman, eleventh):
    for year, month, day in ((1962, 11, 2), (1987, 3, 14), (2003, 1, 9)):
        assert 1 <= len(made("GAGN", year, month, day, woman=woman, eleventh=eleventh)) <= 2


def test_the_number_of_a_woman_is_weighed_with_her_true_month():
    # worked out by hand: COTE 1991 F 04 05 1, in EBCDIC, times 1 3 7 9 1 7 1 3 4 5 7 6 9 1
    codes = [195, 214, 227, 197, 241, 249, 249, 241, 198, 240, 244, 240, 245, 241]
    weights = [1, 3, 7, 9, 1, 7, 1, 3, 4, 5, 7, 6, 9, 1]
    check = sum(code * weight for code, weight in zip(codes, weights, strict=True)) % 10
    assert ramq(f"COTE9154051{check}")


def test_luhn_finds_every_single_slip():
    assert luhn("046454286")
    for place in range(9):
        for other in "0123456789":
            wrong = "046454286"[:place] + other + "046454286"[place + 1 :]
            assert luhn(wrong) == (wrong == "046454286")


def test_an_ontario_number_may_end_in_zero_and_never_begins_with_it():
    tens = [n for n in ("1234567890", *(f"12345678{n:02d}" for n in range(100))) if ohip(n)]
    assert any(number.endswith("0") for number in tens)
    assert not ohip("0" + tens[0][1:])


def test_a_british_columbia_number_begins_with_nine_and_ten_is_no_check():
    good = [f"987443281{last}" for last in "0123456789" if bc_phn(f"987443281{last}")]
    assert len(good) == 1
    assert not bc_phn("8" + good[0][1:])
    assert not bc_phn(good[0] + "1")
