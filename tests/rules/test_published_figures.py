"""Every table of figures about people that this site publishes, attacked: no hidden cell is told."""

from __future__ import annotations

import random
from datetime import date
from typing import Any

import pytest

from community.core.disclosure.tables import bounds, hide
from community.directory.figures import rating, unmet_table
from community.directory.figures.rating import Counted
from community.forum.themes import THEMES
from community.moderation import figures as moderation
from community.moderation.models import ACTS, REASONS
from community.routing.services import months
from community.routing.survival import Wait
from community.testimonies import queries as testimonies
from tests.rules.attacker import Attacker

SEEDS = tuple(range(8))


def drawn_from(seed):
    """Dice that fall the same way every time."""
    return random.Random(seed)  # noqa: S311 (nothing secret is drawn)


def uneven(dice, number, least=0):
    """Counts of which most are small, and some are not."""
    few, some, many = (least, 3), (least, 14), (10, 90)
    return [dice.randint(*dice.choice((few, some, many))) for _ in range(number)]


def stands(attacker, true, wanted):
    """Nothing hidden is told exactly, and what is small may be anything within what is wanted of it."""
    told = attacker.told()
    for name, (low, high) in attacker.bounds().items():
        assert name not in told, f"{name} is told: {told[name]}"
        assert low <= true[name] <= high
        if true[name] < wanted[0]:
            assert high - low >= wanted[1], f"{name} lies within {low} and {high}"


def line(attacker, name, counts, shown, total):
    """A line of a table: what is shown of it is taken from its total."""
    hidden = [(name, place) for place, count in enumerate(shown) if count is None]
    if total is not None:
        attacker.learns(hidden, total - sum(count for count in shown if count is not None))
    return {(name, place): count for place, count in enumerate(counts)}


@pytest.mark.parametrize("seed", SEEDS)
def test_referrals_by_region_need_and_service_and_what_became_of_them(seed):
    dice = drawn_from(seed)
    services = [
        Counted(
            f"s{at}",
            f"r{dice.randrange(4)}",
            f"n{dice.randrange(3)}",
            dict(zip(("taken_in", *rating.OTHERS), uneven(dice, 5), strict=True)),
        )
        for at in range(dice.randint(3, 14))
    ]
    lines = rating.told(services)
    known = {(one.kind, one.code): one for one in lines}
    for measure in ("taken_in", "others"):
        attacker, true = Attacker(), dict[Any, int]()
        for one in services:
            count = getattr(one, measure)
            if one.taken_in + one.others:
                true[one.service_id] = count
        for (kind, code), told in known.items():
            if told.referred is None or told.taken_in is None:
                continue
            figure = told.taken_in if measure == "taken_in" else told.referred - told.taken_in
            assert figure >= rating.SMALLEST
            inside = [
                one.service_id
                for one in services
                if one.service_id in true
                and (kind == "all" or code in (one.region, one.need, one.service_id))
            ]
            attacker.learns(
                [id for id in inside if _hidden(known, id)], figure - _shown(known, inside, measure)
            )
        stands(attacker, true, (rating.SMALLEST, rating.SMALLEST))


@pytest.mark.parametrize("seed", SEEDS)
def test_all_tables_of_a_quarter_of_referrals_at_once(seed):
    """By service, region, need and profession, both figures of each line together: who knows the total by one
    table takes what another shows from it."""
    dice = drawn_from(seed)
    outcomes = ("taken_in", *rating.OTHERS)
    services = [
        Counted(f"s{at}", f"r{at % 3}", f"n{at % 2}", dict(zip(outcomes, uneven(dice, 5), strict=True)))
        for at in range(dice.randint(3, 14))
    ]
    by_profession = {f"p{at}": dict.fromkeys(outcomes, 0) for at in range(dice.randint(2, 6))}
    for one in services:
        for outcome, count in one.outcomes.items():
            by_profession[dice.choice([*by_profession])][outcome] += count
    professions = [Counted(code, "", "", of) for code, of in by_profession.items()]
    true = {
        (one.service_id, measure): getattr(one, measure)
        for one in (*services, *professions)
        for measure in ("taken_in", "others")
    }
    attacker = Attacker()
    for told in rating.told(services, by_profession):
        for some in (services, professions) if told.kind == "all" else [[*services, *professions]]:
            inside = [
                one.service_id
                for one in some
                if told.kind == "all" or told.code in (one.region, one.need, one.service_id)
            ]
            taken = [(id, "taken_in") for id in inside]
            others = [(id, "others") for id in inside]
            attacker.learns(taken, told.taken_in)
            attacker.learns([*taken, *others], told.referred)
            if told.referred is not None and told.taken_in is not None:
                attacker.learns(others, told.referred - told.taken_in)
    small = {name: count for name, count in true.items() if count < rating.SMALLEST}
    fixed, within = attacker.told(), attacker.bounds()
    for name, count in small.items():
        low, high = within.get(name, (0, rating.SMALLEST))
        assert name not in fixed
        assert low <= count <= high
        assert high - low >= rating.SMALLEST, f"{name} lies within {low} and {high}"


def _hidden(known, id):
    return ("service", id) not in known


def test_no_list_of_hidden_lines_says_that_somebody_is_behind_each():
    """Twenty services, and twenty people: whoever knows that there was one at least for each knows all."""
    few = [
        Counted(f"s{at}", "on", "offers-oat", {"taken_in": at % 2, "unknown": 1 - at % 2}) for at in range(20)
    ]
    large = {"taken_in": 60, "waiting": 20, "refused": 15, "declined": 12, "unknown": 30}
    others = [Counted(f"l{at}", "qc-06", "offers-housing", large) for at in range(3)]
    lines = rating.told([*few, *others])
    assert next(one for one in lines if one.code == "on").referred == 20
    assert {one.code for one in lines if one.kind == "service"} == {"l0", "l1", "l2"}


@pytest.mark.parametrize("kind", ["region", "need", "profession"])
def test_what_is_hidden_is_listed_alike_whoever_was_referred(kind):
    """In one community somebody was referred where in the other nobody was: the same lines come out."""
    large = {"taken_in": 60, "waiting": 20, "refused": 15, "declined": 12, "unknown": 30}
    few = {"taken_in": 6, "unknown": 5}
    every = {"region": ["on", "qc-06", "nu", "yt"], "profession": ["nurse", "physician", "pharmacist"]}
    found = []
    for region, need in (("nu", "offers-oat"), ("yt", "offers-crisis-line")):
        services = [
            *(Counted(f"l{at}", "qc-06", "offers-housing", large) for at in range(3)),
            *(Counted(f"m{at}", "on", "offers-residential", large) for at in range(3)),
            Counted("few", region, need, few),
        ]
        work = {"nurse" if region == "nu" else "physician": few}
        rest = {name: 6 * number for name, number in large.items()}
        lines = rating.told(services, {"pharmacist": rest, "social_worker": rest, **work}, every)
        found.append([(one.code, one.referred) for one in lines if one.kind == kind])
    assert any(referred is None for _code, referred in found[0])
    assert [code for code, referred in found[0] if referred is None] == [
        code for code, referred in found[1] if referred is None
    ]


def _shown(known, ids, measure):
    told = [known["service", id] for id in ids if not _hidden(known, id)]
    return sum(one.taken_in if measure == "taken_in" else one.referred - one.taken_in for one in told)


@pytest.mark.parametrize("seed", SEEDS)
def test_outcomes_of_all_referrals_together(seed):
    dice = drawn_from(seed)
    outcomes = dict(zip(rating.OTHERS, uneven(dice, 4), strict=True))
    services = [
        Counted("one", "a", "x", {"taken_in": 40, **outcomes}),
        Counted("two", "b", "y", {"taken_in": 50, "unknown": 30, "waiting": 15}),
    ]
    told = rating.told(services)
    if not told or not any(told[0].others.values()):
        return
    counts = [sum(one.outcomes.get(outcome, 0) for one in services) for outcome in rating.OTHERS]
    attacker = Attacker()
    shown = [told[0].others[outcome] for outcome in rating.OTHERS]
    whole, taken_in = told[0].referred, told[0].taken_in
    assert whole is not None and taken_in is not None  # noqa: PT018 - for the types
    true = line(attacker, "outcome", counts, shown, whole - taken_in)
    stands(attacker, true, (rating.SMALLEST, 1))


@pytest.mark.parametrize("seed", SEEDS)
def test_first_answers_by_theme(seed):
    dice = drawn_from(seed)
    themes = [*THEMES, months.NONE]
    counts = uneven(dice, len(themes))
    waits = {
        theme: [Wait(3600.0 * (1 + at), dice.random() < 0.8) for at in range(count)]
        for theme, count in zip(themes, counts, strict=True)
    }
    rows = {row.theme: row for row in months._rows(date(2026, 1, 1), waits, date(2026, 2, 4))}
    attacker = Attacker()
    shown = [rows[theme].questions for theme in themes]
    true = line(attacker, "theme", counts, shown, rows[months.ALL].questions)
    stands(attacker, true, (10, 5))
    for row in rows.values():
        if row.questions is None:
            assert (row.median, row.ninetieth, row.waiting_percent) == (None, None, None)
        elif row.waiting_percent is not None:
            waiting = row.questions * row.waiting_percent / 100
            assert min(waiting, row.questions - waiting) > 5


@pytest.mark.parametrize("seed", SEEDS)
def test_a_quarter_of_moderation_by_reason_and_by_act(seed):
    dice = drawn_from(seed)
    acts = []
    for act in ("hidden", "limited", "warned"):
        for reason in dice.sample(REASONS, 3):
            acts += [(act, reason)] * dice.choice((0, 1, dice.randint(2, 9), dice.randint(10, 30)))
    told = moderation.told(acts)
    attacker, true = Attacker(), dict[Any, int]()
    for name, cells, place in (("act", told.by_act, 0), ("reason", told.by_reason, 1)):
        counts = [sum(row[place] == cell.name for row in acts) for cell in cells]
        true |= line(attacker, name, counts, [cell.count for cell in cells], told.acts)
    stands(attacker, true, (10, 5))
    if told.acts is None:
        assert {cell.count for cell in (*told.by_reason, *told.by_act)} <= {None}


def test_two_lines_of_the_same_acts_do_not_give_a_hidden_total_back():
    """Nine and nine acts: whoever knows that a small count is under ten tells them from eighteen."""
    acts = [("hidden", REASONS[0])] * 9 + [("warned", REASONS[1])] * 9
    told = moderation.told(acts)
    assert told.acts is None
    assert {cell.count for cell in (*told.by_reason, *told.by_act)} == {None}


def test_what_moderators_did_once_each_is_not_told_by_the_list_of_what_they_did():
    """Five kinds of acts, five acts: with one at least behind each line, each would be told."""
    once = [(act, "harassment") for act in ACTS[1:6]]
    told = moderation.told([(ACTS[0], "harassment")] * 40 + once)
    assert told.acts == 45
    assert [cell.name for cell in told.by_act] == list(ACTS)
    assert [cell.count for cell in told.by_act] == [40, *[None] * (len(ACTS) - 1)]
    told = moderation.told([(ACTS[0], "harassment")] * 40)
    assert [(cell.name, cell.count) for cell in told.by_act] == [(ACTS[0], 40)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_year_of_testimonies(seed):
    dice = drawn_from(seed)
    counts = uneven(dice, len(testimonies.ENDS))
    counted = dict(zip(testimonies.ENDS, counts, strict=True))
    counted[f"refused:{testimonies.REASONS[0]}"] = counted.pop("refused")
    year = testimonies._year(2025, counted)
    attacker = Attacker()
    true = line(attacker, "end", counts, [year.counts[end] for end in testimonies.ENDS], year.total)
    stands(attacker, true, (10, 5))


@pytest.mark.parametrize("seed", SEEDS)
def test_searches_that_found_nothing_by_province_and_need(seed):
    dice = drawn_from(seed)
    counts = {
        (region, need): number
        for region in ("on", "qc", "nu", "bc")
        for need, number in zip(("oat", "housing", "crisis"), uneven(dice, 3), strict=True)
    }
    table = unmet_table.published(counts)
    if table is None:
        return
    attacker, true = Attacker(), dict[Any, int]()
    named = {one: one for one in (*table.regions, *table.needs)}
    for (region, need), number in counts.items():
        cell = (named.get(region, unmet_table.OTHERS), named.get(need, unmet_table.OTHERS))
        true[cell] = true.get(cell, 0) + number
    for at, region in enumerate(table.regions):
        hidden = [(region, need) for place, need in enumerate(table.needs) if table.cells[at][place] is None]
        attacker.learns(hidden, table.of_regions[at] - sum(filter(None, table.cells[at])))
    for place, need in enumerate(table.needs):
        hidden = [(region, need) for at, region in enumerate(table.regions) if table.cells[at][place] is None]
        attacker.learns(
            hidden, table.of_needs[place] - sum(filter(None, (row[place] for row in table.cells)))
        )
    stands(attacker, true, (6, 6))


def test_the_attacker_tells_what_is_badly_hidden_and_not_what_is_well_hidden():
    """So that an attack that finds nothing means something."""
    table = [[12, 3, 9], [20, 14, 8], [7, 11, 16]]
    places = [(row, column) for row in range(3) for column in range(3)]
    sides = [[place for place in places if place[side] == at] for side in (0, 1) for at in range(3)]
    for hidden, found in (({(0, 1)}, {(0, 1): 3}), (set(hide(table)), {})):
        attacker = Attacker()
        for some in sides:
            unknown = [place for place in some if place in hidden]
            attacker.learns(unknown, sum(table[row][column] for row, column in unknown))
        assert attacker.told() == found
    assert bounds(table, hide(table))[0, 1] == attacker.bounds()[0, 1] == (0, 14)
