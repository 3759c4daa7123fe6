"""The main job: a clinical question is asked, answered, kept and found again, by those it is for alone."""

from __future__ import annotations

import os
from dataclasses import replace
from time import monotonic

import pytest

from ground.sharing import DONE_ELSEWHERE
from tests.journeys.acts import (
    QUESTIONS,
    answers,
    asks,
    claims_title,
    comes_in,
    finds,
    finds_no_trace,
    joins,
    keeps,
    presses_enter,
    traces,
    verified_by_operator,
)
from tests.journeys.people import COLLEAGUE, LIVED, NURSE, PHYSICIAN
from tests.journeys.person import Device
from tests.journeys.site import Site
from tests.journeys.words import LANGUAGES

pytestmark = pytest.mark.timeout(300)

# Each language at one width in the ordinary suite; all of them with JOURNEYS=all.
SOME = [("fr", Device(390, script=False)), ("en", Device(1280))]
REST = [("fr", Device(1280)), ("en", Device(390)), ("fr", Device(390, dark=True))]
WAYS = SOME + (REST if os.environ.get("JOURNEYS") == "all" else [])
if os.environ.get(DONE_ELSEWHERE):  # on another engine by others; and there is the empty community, in both
    WAYS = WAYS[1:]

ways = pytest.mark.parametrize(("lang", "device"), WAYS, ids=str)


@ways
def test_a_clinical_question_in_the_demonstration_community(demonstration: Site, sit_down, lang, device):
    asker = sit_down(demonstration, lang, device)
    presses_enter(asker, "noemie-lavigne")
    colleague = sit_down(demonstration, lang, device)
    comes_in(colleague, "imogen-vale")
    finder = sit_down(demonstration, lang, device)
    comes_in(finder, "maude-ferland")
    beside = sit_down(demonstration, lang, device)
    comes_in(beside, "quiet-tamarack")
    _asked_answered_kept_and_found(asker, colleague, finder, beside, device)


def test_a_clinical_question_in_an_empty_community(empty_site: Site, sit_down):
    """They join by the real forms, are verified by the founding operator, and then the same happens twice."""
    asker, colleague = (sit_down(empty_site, "fr", Device(1280)) for _ in range(2))
    finder, beside = (sit_down(empty_site, "fr", Device(1280, script=False)) for _ in range(2))
    for person, newcomer in ((asker, PHYSICIAN), (colleague, COLLEAGUE), (finder, NURSE), (beside, LIVED)):
        joins(person, newcomer)
    for person, title in ((asker, "physician"), (colleague, "physician"), (finder, "nurse")):
        claims_title(person, title, "on", "DEMO-12345")
        assert person.go("/spaces/opioids").status == 404, "a claim opened a clinical space"
    verified_by_operator(empty_site, PHYSICIAN, COLLEAGUE, NURSE)
    device = Device(1280)
    for lang in LANGUAGES:
        for person in (asker, colleague, finder, beside):
            person.lang = lang
        _asked_answered_kept_and_found(asker, colleague, finder, beside, device)


def _asked_answered_kept_and_found(asker, colleague, finder, beside, device):
    question = QUESTIONS[asker.lang]
    question = replace(question, title=f"{question.title} ({device.width})")
    topic = asks(asker, "opioids", question)
    posted = monotonic()
    finds(finder, question.misspelt, question.title, since=posted)
    answers(colleague, topic, question)
    keeps(asker, topic, question)
    finds(finder, question.misspelt, question.title, since=monotonic())
    finder.follow_title(question.title)
    finder.sees(question.answer[:40])
    finder.sees(question.source)
    seen = traces(finder, topic, question)
    assert {"/spaces", "/latest", "/regions/on", "/themes/opioids", "/search"} <= seen.keys()
    finds_no_trace(beside, topic, question)
