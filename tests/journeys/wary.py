"""A wary person on a phone: joins without an address, writes, is answered, goes, comes back, leaves for good.

The same steps are a test (``test_wary.py``) and pictures (``dev.py pictures --visit wary``): each step is
handed to whoever watches, with what it shows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.journeys.acts import comes_in, publish
from tests.journeys.people import PASSWORD
from tests.journeys.person import Person
from tests.journeys.site import until
from tests.journeys.words import Lang

# What each step shows, in the order of the pictures.
STEPS: dict[str, str] = {
    "door": "The first page: what this is, help, and the way out.",
    "join": "Joining without an address: names to choose from, and nothing ticked beforehand.",
    "paper": "What to write down, shown once: the sign-in name and the codes.",
    "sign-in": "Signing in with the name from the paper.",
    "space": "The lived-experience space: its charter before anything is written.",
    "words": "Writing: who reads it, and under which name.",
    "said": "It is said, with the day and no hour.",
    "told": "The bell says that somebody answered; nothing was sent anywhere.",
    "answer": "The answer.",
    "gone": "Leave quickly: another page stands there, and the way back in this tab does not lead here.",
    "again": "Back another day, by the name and the password alone.",
    "close": "Closing the account: what becomes of the words is chosen.",
    "closed": "It is closed, and nothing of it is left on the phone.",
    "nobody": "The same name and password open nothing any more.",
}


@dataclass(frozen=True)
class Words:
    """What is written in one language."""

    title: str
    body: str
    answer: str


WORDS: dict[Lang, Words] = {
    "fr": Words(
        "Premier mois sans ma sœur au courant",
        "Je lis depuis des semaines. Je voulais seulement dire que ça va, un jour à la fois.",
        "Bienvenue. Un jour à la fois, ici aussi.",
    ),
    "en": Words(
        "First month, and my sister does not know",
        "I have been reading for weeks. I only wanted to say that I am all right, one day at a time.",
        "Welcome. One day at a time, here too.",
    ),
}
SPACE = "/spaces/lived-experience"
PATIENT = 3_200  # milliseconds: who fills in a form in less is taken for a program
Watch = Callable[[str, Person], None]


@dataclass(frozen=True)
class Paper:
    """What stands on the paper."""

    sign_in_name: str
    codes: tuple[str, ...]
    name: str  # under which they write


def whole_visit(person: Person, other: Person, shown: Watch) -> Paper:
    """Every step, one after the other.

    :param other: somebody of the demonstration, at a browser of their own, who answers.
    :param shown: is called at each step of ``STEPS`` with its name and who stands there.
    """
    paper = joins_without_address(person, shown)
    topic = writes(person, shown)
    is_answered(person, other, topic, shown)
    exits_fast(person, topic, shown)
    comes_back(person, paper, topic, shown)
    leaves_for_good(person, paper, shown)
    return paper


def joins_without_address(person: Person, shown: Watch) -> Paper:
    """From the first page to being signed in, with nothing but a name, a password and a sheet of paper."""
    person.go("/")
    shown("door", person)
    person.go("/join")
    person.page.locator("main a[href$='/join/without-address']").first.click()
    person.page.locator("input[name=proposed]").first.check()
    name = person.page.locator("input[name=proposed]").first.input_value()
    person.fill("Password", PASSWORD)
    person.page.locator("input[name=groups][value=lived_experience]").check()
    person.page.locator("input[name=proposed]").first.scroll_into_view_if_needed()
    shown("join", person)
    person.tick("I am 14 or older")
    person.tick("I have read the charter and agree to it")
    person.page.wait_for_timeout(PATIENT)
    person.send("Go on")
    kept = [code.inner_text() for code in person.page.locator("main code").all()]
    assert len(kept) == 10, person.errors()
    shown("paper", person)
    person.tick("I have written down my sign-in name and my codes")
    person.send("Make my account")
    paper = Paper(kept[0], tuple(kept[1:9]), name)
    _signs_in(person, paper, lambda: shown("sign-in", person))
    assert "/sign-in" not in person.path(), person.errors()
    return paper


def _signs_in(person: Person, paper: Paper, filled: Callable[[], None]) -> None:
    if "/sign-in" not in person.path():
        person.go("/sign-in")
    person.fill("E-mail or sign-in name", paper.sign_in_name)
    person.fill("Password", PASSWORD)
    filled()
    with person.arriving():
        person.page.locator("form:has(input[name=password]) button.go").click()


def writes(person: Person, shown: Watch) -> str:
    """Begin a topic in the lived-experience space; its address."""
    said = WORDS[person.lang]
    person.go(SPACE)
    shown("space", person)
    person.follow("Write to this space")
    person.fill("Title", said.title)
    person.page.locator("main textarea[name=body]").fill(said.body)
    shown("words", person)
    publish(person)
    assert person.heading() == said.title, person.errors()
    shown("said", person)
    return person.path()


def is_answered(person: Person, other: Person, topic: str, shown: Watch) -> None:
    """Somebody answers; the bell says so, and leads there."""
    comes_in(other, "lived")
    other.go(topic)
    composer = other.page.locator("#reply")
    composer.locator("textarea[name=body]").fill(WORDS[person.lang].answer)
    publish(other, composer)
    bell = person.page.locator(".tools a[href$='/notifications']").first

    def rung() -> bool:
        person.go("/")
        return any(character.isdigit() for character in bell.inner_text())

    until(rung, 60, lambda: f"the bell to ring: {bell.inner_text()}")
    with person.arriving():
        bell.click()
    shown("told", person)
    with person.arriving():
        person.page.locator("main ul.rows a, main ol.rows a").first.click()
    assert person.path().startswith(topic)
    person.sees(WORDS[person.lang].answer)
    shown("answer", person)


def exits_fast(person: Person, topic: str, shown: Watch) -> None:
    """One press, and another page stands in the place of this one; "back" does not bring it again."""
    person.may_leave()
    with person.page.expect_navigation(wait_until="load"):
        person.page.locator("a[data-leave]").first.click()
    assert person.site.address not in person.page.url
    assert person.text().strip() == "Elsewhere"  # what stands for the page of the weather service here
    shown("gone", person)
    person.page.go_back()
    assert not person.path().startswith(topic), "the page that was left came back"


def comes_back(person: Person, paper: Paper, topic: str, shown: Watch) -> None:
    """Another day, with nothing kept on the phone: the paper is enough."""
    person.context.clear_cookies()
    assert person.go(topic).status == 404, "a visitor read it"
    _signs_in(person, paper, lambda: None)
    person.go("/")
    assert paper.name in (person.page.locator(".mast").text_content() or "")
    shown("again", person)
    person.go(topic)
    person.sees(WORDS[person.lang].answer)


def leaves_for_good(person: Person, paper: Paper, shown: Watch) -> None:
    """Close the account, have the words removed; name and password open nothing afterwards."""
    person.go("/privacy")
    person.page.locator("main a[href$='/privacy/close']").first.click()
    person.page.locator("input[type=radio][value=removed]").check()
    person.tick("Yes, close my account. I know that there is no way back.")
    shown("close", person)
    person.send("Close my account")
    shown("closed", person)
    assert person.page.locator(".mast.visitor").count() == 1
    person.go("/sign-in")
    _signs_in(person, paper, lambda: None)
    assert "/sign-in" in person.path(), "a closed account was opened"
    shown("nobody", person)
