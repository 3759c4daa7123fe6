"""What may be told of referrals, and what nobody finds out by subtracting. Without a database."""

from __future__ import annotations

from datetime import date
from itertools import combinations, product
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from community.core.disclosure.ledger import Release, isolated, refusal
from community.directory.drawing.shares import bars
from community.directory.figures import rating
from community.directory.figures.rating import Counted
from tests.make.referrals import counted
from tests.rules.attacker import Attacker
from tests.rules.test_published_figures import drawn_from, stands, uneven

OUTCOMES = ("taken_in", *rating.OTHERS)


def lines(*services):
    return {(one.kind, one.code): one for one in rating.told(services)}


def large(service, region, need, scale=1):
    return counted(
        service, region, need, taken_in=60 * scale, waiting=20 * scale, refused=15, declined=12, unknown=30
    )


def test_a_region_is_told_with_both_of_its_figures():
    found = lines(large("a", "on", "offers-oat"), large("b", "qc-06", "offers-housing"))
    assert (found["region", "on"].referred, found["region", "on"].taken_in) == (137, 60)
    assert found["all", ""].others == {"waiting": 40, "refused": 30, "declined": 24, "unknown": 60}


def test_a_service_with_few_referrals_hides_and_takes_another_along():
    few = counted("few", "on", "offers-oat", taken_in=4, unknown=2)
    found = lines(few, *(large(f"s{at}", "on", "offers-oat") for at in range(4)))
    assert ("service", "few") not in found
    assert sum(one.kind == "service" for one in found.values()) == 3  # another one is not there either
    assert found["region", "on"].referred == 6 + 4 * 137


def test_nobody_taken_in_is_not_told_of_a_service_nor_that_everybody_was():
    nobody = counted("nobody", "on", "offers-oat", waiting=50)
    everybody = counted("everybody", "on", "offers-oat", taken_in=50)
    found = lines(nobody, everybody, *(large(f"s{at}", "on", "offers-oat") for at in range(3)))
    assert not {("service", "nobody"), ("service", "everybody")} & found.keys()
    assert len([one for one in found.values() if one.kind == "service"]) == 3


def test_a_few_referrals_in_all_publish_nothing():
    assert rating.told([counted("a", "on", "", taken_in=5, unknown=4)]) == []
    assert rating.told([]) == []


def test_few_who_were_refused_are_hidden_among_those_who_were_not_taken_in():
    services = [
        counted(f"s{at}", "on", "", taken_in=40, waiting=30, refused=1, unknown=20) for at in range(3)
    ]
    others = lines(*services)["all", ""].others
    assert others["refused"] is None
    assert others["declined"] is None  # nobody: told like a small count
    assert sum(count is None for count in others.values()) >= 3


def test_a_need_is_the_rarest_of_what_a_service_offers():
    assert rating.need_of(frozenset({"offers-naloxone", "offers-oat", "lang-fr"})) == "offers-oat"
    assert rating.need_of(frozenset({"lang-fr"})) == ""


def by_profession(*services, **professions):
    found = rating.told(services, professions)
    return {one.code: one.referred for one in found if one.kind == "profession"}


def test_a_profession_with_few_referrals_hides_and_takes_another_along():
    few = {"taken_in": 3, "unknown": 2}
    rest = {"taken_in": 57, "waiting": 20, "refused": 15, "declined": 12, "unknown": 28}
    half = {"taken_in": 30, "waiting": 10, "refused": 10, "declined": 6, "unknown": 15}
    most = {"taken_in": 30, "waiting": 10, "refused": 5, "declined": 6, "unknown": 15}
    assert by_profession(large("a", "on", ""), nurse=few, physician=rest) == {}
    told = by_profession(large("a", "on", ""), nurse=half, physician=most)
    assert told == {"nurse": 71, "physician": 66}


@pytest.mark.parametrize("seed", range(8))
def test_referrals_by_profession_tell_no_small_count(seed):
    """Against each of the two figures of a line, with what the total says of them."""
    dice = drawn_from(seed)
    codes = [f"p{at}" for at in range(dice.randint(2, 6))]
    counts = {code: dict(zip(OUTCOMES, uneven(dice, 5), strict=True)) for code in codes}
    whole = {outcome: sum(one[outcome] for one in counts.values()) for outcome in OUTCOMES}
    found = rating.told([Counted("a", "on", "", whole)], counts)
    if not found:
        return
    shown = {one.code: one for one in found if one.kind == "profession"}
    for measure in ("taken_in", "others"):
        true = {code: getattr(Counted(code, "", "", of), measure) for code, of in counts.items()}
        told = {
            code: one.taken_in if measure == "taken_in" else one.referred - one.taken_in
            for code, one in shown.items()
            if one.referred is not None and one.taken_in is not None
        }
        assert all(figure >= rating.SMALLEST for figure in told.values())
        hidden = [code for code in true if code not in told]
        attacker = Attacker()
        attacker.learns(hidden, sum(true.values()) - sum(told.values()))
        stands(attacker, {code: true[code] for code in hidden}, (rating.SMALLEST, rating.SMALLEST))


@st.composite
def communities(draw):
    few, many = st.integers(0, 12), st.integers(0, 80)
    found = []
    for at in range(draw(st.integers(2, 12))):
        drawn = draw(st.sampled_from((few, many)))
        outcomes = {outcome: draw(drawn) for outcome in ("taken_in", *rating.OTHERS)}
        found.append(
            counted(f"s{at}", f"r{draw(st.integers(0, 3))}", f"n{draw(st.integers(0, 2))}", **outcomes)
        )
    return found


def behind(services, line):
    """The services that a line counts."""
    kind, code = line
    counted_ones = [one for one in services if one.taken_in + one.others]
    if kind == "all":
        return frozenset(one.service_id for one in counted_ones)
    return frozenset(one.service_id for one in counted_ones if code in (one.region, one.need, one.service_id))


def differences(members):
    """A shown line, and others inside it that share no service: what is left when they are taken away."""
    for whole, inside in members.items():
        parts = [key for key, some in members.items() if key != whole and some <= inside]
        for number in (1, 2, 3):
            for chosen in combinations(parts[:9], number):
                taken = frozenset().union(*(members[key] for key in chosen))
                if len(taken) == sum(len(members[key]) for key in chosen):
                    yield whole, chosen, inside - taken


@settings(max_examples=60, deadline=None)
@given(communities())
def test_no_difference_of_what_is_shown_is_a_small_count(services):
    """What somebody does by hand: a shown line less others inside it, one or several."""
    shown = {(one.kind, one.code): one for one in rating.told(services) if one.referred is not None}
    figures = {
        key: (one.taken_in or 0, (one.referred or 0) - (one.taken_in or 0)) for key, one in shown.items()
    }
    assert all(min(figure) >= rating.SMALLEST for figure in figures.values())
    for whole, parts, rest in differences({key: behind(services, key) for key in shown}):
        for measure in (0, 1):
            left = figures[whole][measure] - sum(figures[part][measure] for part in parts)
            assert left >= rating.SMALLEST or not rest


def test_a_table_that_is_out_is_frozen_and_shares_no_month_with_another():
    out = Release(date(2026, 1, 1), date(2026, 3, 1), {"on": 40, "qc": None})
    assert refusal(Release(date(2026, 1, 1), date(2026, 3, 1), {"on": 40}), [out], smallest=10) == "frozen"
    longer = Release(date(2026, 1, 1), date(2026, 4, 1), {"on": 44, "qc": 30})
    assert isolated(out.figures, longer.figures, smallest=10) == {"on"}
    assert refusal(longer, [out], smallest=10) == "isolates"
    much_longer = Release(date(2026, 1, 1), date(2026, 6, 1), {"on": 90})
    assert refusal(much_longer, [out], smallest=10) == "overlaps"
    assert refusal(Release(date(2026, 4, 1), date(2026, 6, 1), {"on": 12}), [out], smallest=10) == ""


def test_bars_stay_inside_their_frame():
    drawn = bars([0.0, 0.5, 1.0])
    assert drawn is not None
    assert [bar.wide for bar in drawn.bars] == [0.0, 44.5, 89.0]
    assert all(bar.y + 10 < drawn.height for bar in drawn.bars)
    assert bars([]) is None


def ways(total, parts):
    """Every way in which so many fall into so many parts."""
    if parts == 1:
        yield (total,)
        return
    for first in range(total + 1):
        yield from ((first, *rest) for rest in ways(total - first, parts - 1))


def agreeing(services, lines):
    """Every community of these services that agrees with all that is shown of who was not taken in."""
    whole = lines["all", ""]
    left = whole.referred - whole.taken_in
    told = {key: one.referred - one.taken_in for key, one in lines.items() if one.referred is not None}
    rests = [told.get(("service", one.service_id)) for one in services]
    each = [
        [way for of in (range(left + 1) if rest is None else [rest]) for way in ways(of, 4)] for rest in rests
    ]
    for world in product(*each):
        columns = dict(zip(rating.OTHERS, map(sum, zip(*world, strict=True)), strict=True))
        if any(count is not None and columns[outcome] != count for outcome, count in whole.others.items()):
            continue
        named = {one.service_id: sum(way) for one, way in zip(services, world, strict=True)}
        if all(sum(named[id] for id in behind(services, key)) == count for key, count in told.items()):
            yield world


@settings(max_examples=40, deadline=None)
@given(st.lists(st.lists(st.sampled_from((0, 0, 1, 2, 3)), min_size=4, max_size=4), min_size=2, max_size=2))
def test_whoever_tries_every_community_cannot_tell_a_small_outcome_of_a_service(drawn):
    services = [
        counted(f"s{at}", "ab"[at], "x", taken_in=3, **dict(zip(rating.OTHERS, outcomes, strict=True)))
        for at, outcomes in enumerate(drawn)
    ]
    if sum(map(sum, drawn)) > 7:
        return
    with patch.object(rating, "SMALLEST", 2):
        lines = {(one.kind, one.code): one for one in rating.told(services)}
    if not lines or not any(lines["all", ""].others.values()):
        return
    worlds = list(agreeing(services, lines))
    for at, outcomes in enumerate(drawn):
        for place, outcome in enumerate(rating.OTHERS):
            values = {world[at][place] for world in worlds}
            if outcomes[place] < 2:
                assert max(values) - min(values) >= (1 if lines["all", ""].others[outcome] is None else 2)
