"""What people do here, step by step on the real pages, as they would tell it."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from playwright.sync_api import Locator

from tests.journeys.people import CAST, PASSWORD, Newcomer, name_of
from tests.journeys.person import Person
from tests.journeys.site import Site
from tests.journeys.words import Lang

# Seconds. Two are promised, and measured by the soak where nothing else runs; beside other tests this catches
# what is not found at all.
FOUND_WITHIN = 20.0


@dataclass(frozen=True)
class Question:
    """A question with its answer, in the words of one language."""

    title: str
    body: str
    answer: str
    source: str
    misspelt: str


QUESTIONS: dict[Lang, Question] = {
    "fr": Question(
        "Débuter la buprénorphine au cabinet, par où commencer ?",
        "Personne dans la quarantaine, sevrage modéré ce matin. C’est ma première fois : à quelle "
        "dose commencer, et quand la revoir ?",
        "Commencez par une petite dose quand les signes de sevrage sont nets, puis ajustez dans la même "
        "journée. Revoyez la personne le lendemain, au téléphone s’il le faut.",
        "Guide de pratique de démonstration, 2026, section 4.2",
        "buprenorfine",
    ),
    "en": Question(
        "Starting buprenorphine in the office: where do I begin?",
        "Person in their forties, moderate withdrawal this morning. It is my first time: which dose first, "
        "and when do I see them again?",
        "Begin with a small dose once withdrawal is plain to see, then adjust during the same day. See the "
        "person the next day, by telephone if need be.",
        "Demonstration practice guide, 2026, section 4.2",
        "buprenorfine",
    ),
}


# ── Coming in ────────────────────────────────────────────────────────────────


def comes_in(person: Person, who: str) -> None:
    """Be signed in as one of the cast, by the form of the demonstration; a visitor is not.

    The two pages around it are asked for and not drawn: :func:`presses_enter` does it by hand.
    """
    id = CAST.get(who, who)
    if not id:
        return
    ask = person.context.request
    where = f"{person.site.address}/{person.lang}/"
    form = ask.get(f"{where}sign-in").text().partition(f'action="/{person.lang}/demo/enter/{id}"')[2]
    token = form.partition('name="csrf_token" value="')[2].partition('"')[0]
    answer = ask.post(f"{where}demo/enter/{id}", form={"csrf_token": token})
    assert answer.ok and html.escape(name_of(id)) in answer.text(), (answer.status, answer.url)  # noqa: PT018


def presses_enter(person: Person, who: str) -> None:
    """Sign in as one of the cast with the button of the demonstration."""
    id = CAST.get(who, who)
    person.go("/sign-in")
    button = person.page.locator("main").get_by_role("button", name=name_of(id))
    with person.arriving():
        button.first.click()
    assert person.page.locator(".mast .who, .mast .sr", has_text=name_of(id)).count(), person.path()


def joins(person: Person, newcomer: Newcomer) -> None:
    """Fill in the form of joining, and confirm by the link in the letter."""
    person.go("/join")
    fill_join_form(person, newcomer)
    person.page.wait_for_timeout(3_100)  # a person takes longer; whoever does not is asked to wait
    person.send("Join")
    assert person.path().endswith("/join/sent"), person.errors()
    letter = person.site.letter(newcomer.email)
    person.go(letter.link("/confirm/"))
    person.fill("Password", PASSWORD)
    with person.arriving():
        person.page.locator("main form button").first.click()
    signs_in(person, newcomer.email)


def fill_join_form(person: Person, newcomer: Newcomer) -> None:
    """Everything that joining asks, without sending it."""
    person.fill("E-mail", newcomer.email)
    person.fill("Password", PASSWORD)
    if newcomer.name:
        person.tick("Under my own name")
        person.fill("The name others will read", newcomer.name)
    else:
        person.tick("Under a protected name")
        person.page.locator("input[name=proposed]").first.check()
    for group in newcomer.groups:
        person.page.locator(f"input[name=groups][value={group}]").check()
    person.page.locator("main select[name=region]").select_option(newcomer.region)
    person.tick("I am 14 or older")
    person.tick("I have read the charter and agree to it")


def signs_in(person: Person, email: str) -> None:
    """Sign in on the real page."""
    person.go("/sign-in")
    person.fill("E-mail or sign-in name", email)
    person.fill("Password", PASSWORD)
    with person.arriving():
        person.page.locator("form:has(input[name=password]) button.go").click()
    assert "/sign-in" not in person.path(), person.text()


def claims_title(person: Person, profession: str, province: str, number: str) -> None:
    """Say what one's licence is; nobody believes it yet."""
    person.go("/credential")
    person.page.locator("select[name=profession]").select_option(profession)
    person.page.locator("select[name=jurisdiction]").select_option(province)
    person.page.locator("input[name=number]").fill(number)
    with person.arriving():
        person.page.locator("form:has(input[name=number]) button.go").click()


def verified_by_operator(site: Site, *newcomers: Newcomer) -> None:
    """The founding operator's decisions, by command line."""
    keys = site.does([("duties", "find", newcomer.name) for newcomer in newcomers]).split()
    assert len(keys) == len(newcomers), keys
    decided = ("--decision", "verified", "--founding")
    site.does([("credentials", "decide", "--persona", key, *decided) for key in keys])


# ── Asking and answering ─────────────────────────────────────────────────────


def asks(person: Person, space: str, question: Question, region: str = "on") -> str:
    """Ask a question in a space, for a region; return the address of the topic."""
    person.go(f"/spaces/{space}")
    person.follow("Ask a question")
    fill_question(person, question, region)
    publish(person)
    assert person.heading() == question.title
    return person.path()


def fill_question(person: Person, question: Question, region: str = "on") -> None:
    """Write a question without sending it."""
    person.fill("Title", question.title)
    person.page.locator("main textarea[name=body]").fill(question.body)
    if region:
        person.page.locator("main select[name=region]").select_option(region)


def publish(person: Person, form: Locator | None = None) -> None:
    """Press the one main button of what is being written."""
    with person.arriving():
        (form or person.page.locator("form.composer, form:has(textarea[name=body])").first).locator(
            "button.go"
        ).first.click()


def answers(person: Person, topic: str, question: Question) -> None:
    """Reply with a source."""
    person.go(topic)
    composer = person.page.locator("#reply")
    composer.locator("textarea[name=body]").fill(question.answer)
    composer.locator("details.more:has(input[name$=-label]) > summary").click()
    composer.locator("input[name$=-label]").first.fill(question.source)
    publish(person, composer)
    person.sees(question.source)


def keeps(person: Person, topic: str, question: Question) -> None:
    """Keep the answer of one's own question."""
    person.go(topic)
    answer = person.page.locator("article.post", has_text=question.answer[:40])
    person.send("Keep this answer", within=answer)
    person.sees(re.compile(re.escape(person.say("Kept answer"))))


# ── What a page looks like when something happened ───────────────────────────


def _not_found(person: Person) -> bool:
    return person.go("/nowhere").status == 404


def _nothing_found(person: Person) -> bool:
    return person.go("/search?q=zzyzx").ok


def _help_open(person: Person) -> bool:
    person.go("/")
    person.page.locator("details.help summary").click()
    return True


def _refused_sign_in(person: Person) -> bool:
    if person.page.locator(".mast.visitor").count() == 0:
        return False
    person.go("/sign-in")
    with person.arriving():
        person.page.locator("form:has(input[name=password]) button.go").click()
    return True


def _refused_joining(person: Person) -> bool:
    if person.page.locator(".mast.visitor").count() == 0:
        return False
    person.go("/join")
    with person.arriving():
        person.page.locator("form:has(input[name=password]) button.go").click()
    return True


def _refused_question(person: Person) -> bool:
    if person.page.locator(".mast.visitor").count() or not person.go("/spaces/public-square/new").ok:
        return False
    person.fill("Title", "?")
    publish(person)
    return True


def _preview(person: Person) -> bool:
    if person.page.locator(".mast.visitor").count() or not person.go("/spaces/public-square/new").ok:
        return False
    fill_question(person, QUESTIONS[person.lang], region="")
    person.button("Preview").click()
    person.page.locator("[data-preview]:visible").wait_for()
    return True


STATES: dict[str, Callable[[Person], bool]] = {
    "not-found": _not_found,
    "nothing-found": _nothing_found,
    "help-open": _help_open,
    "refused-sign-in": _refused_sign_in,
    "refused-joining": _refused_joining,
    "refused-question": _refused_question,
    "preview": _preview,
}


# ── Finding, and not finding ─────────────────────────────────────────────────


def finds(person: Person, words: str, title: str, since: float) -> None:
    """Search until a topic is there: every search begun a while after it was posted finds it."""
    while True:
        begun = monotonic()
        person.go(f"/search?q={words}")
        if title in person.text():
            return
        assert begun - since <= FOUND_WITHIN, f"not found after {begun - since:.1f} s:\n{person.text()}"
        person.page.wait_for_timeout(400)  # searching has its limit


def finds_no_trace(person: Person, topic: str, question: Question) -> None:
    """Nowhere that this person may look is there anything of the topic or of its space."""
    assert traces(person, topic, question) == {}
    key = topic.rsplit("/", 1)[-1]
    for path, made_up in ((topic, "0" * len(key)), (f"/{person.lang}/spaces/opioids", "opioidz")):
        assert_like_nothing(person, path, made_up)


def traces(person: Person, topic: str, question: Question) -> dict[str, list[str]]:
    """What each page where one would look shows of a topic in the space on opioids."""
    signs = {"key": topic.rsplit("/", 1)[-1], "title": question.title, "space": "/spaces/opioids"}
    found = {}
    for path in (*LOOKED_AT, f"/search?q={question.misspelt}", f"/search?q={question.title.split()[0]}"):
        page = html.unescape(_page_at(person, path))
        if seen := [name for name, sign in signs.items() if sign in page]:
            found[path.partition("?")[0]] = seen
    return found


def _page_at(person: Person, path: str) -> str:
    """A page as it is once it is open; where no script can change it, it need not be drawn for that."""
    if person.device.script:
        assert person.go(path).status == 200, path
        return person.page.content()
    answer = person.context.request.get(f"{person.site.address}/{person.lang}{path}")
    assert answer.status == 200, path
    return answer.text()


LOOKED_AT = ("/", "/spaces", "/menu", "/latest", "/unanswered", "/regions/on", "/themes/opioids")


def assert_like_nothing(person: Person, path: str, made_up: str) -> None:
    """What exists and may not be seen answers like what does not exist, byte for byte."""
    real = _bare_answer(person, path)
    none = _bare_answer(person, path.rsplit("/", 1)[0] + "/" + made_up)
    assert real == none
    assert real[0] == 404


def _bare_answer(person: Person, path: str) -> tuple[int, list[str], str]:
    """Status, names of headers and page, without what differs between two looks at one page."""
    answer = person.context.request.get(person.site.address + path)
    page = answer.text().replace(path.rsplit("/", 1)[-1], "KEY")
    page = re.sub(r'(name="(?:csrf_token|idem)" value=)"[^"]*"', r"\1", page)
    return answer.status, sorted(answer.headers), re.sub(r"<code>[A-Za-z0-9]{22}</code>", "", page)
