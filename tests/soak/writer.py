"""Somebody who writes without pause: asks, replies, reacts, edits, keeps answers, drafts and withdraws.

As people do: sees a page, fills in its form, sends it, now and then twice at once; sends it again when
the answer never came, or gives up. Everything is noted in the ledger before it is sent.
"""

from __future__ import annotations

import random
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.journeys.site import Site
from tests.soak.browser import Answer, Browser, Form, NoAnswer, NoForm
from tests.soak.gauge import Gauge
from tests.soak.ledger import Ledger, Message, Possible, Written
from tests.soak.people import PASSWORD, Account

HOME = "public-square"
DRAFTS = "meeting-place"  # where nobody asks, so that drafts stay
# What a page says of a post that its author withdrew, or of a topic without it.
GONE = frozenset({403, 404, 409, 410})
TWICE, AGAIN, GIVES_UP = 0.2, 0.05, 0.3
PAUSE = 0.15
TWO_EDITS = ([303, 409], [303, 429], [303, 503], [429, 429], [503, 503])
NOT_NOW = 503
OWN_POST = re.compile(r'<article class="post[^"]*" id="(\w{22})"')

Act = Callable[[], None]


@dataclass
class Writer:
    """One signed-in person. ``rng`` decides what they do; the site decides how fast."""

    number: int
    account: Account
    browser: Browser
    ledger: Ledger
    rng: random.Random
    made: int = 0
    mine: list[Message] = field(default_factory=list)

    @classmethod
    def at(
        cls, site: Site, number: int, account: Account, gauge: Gauge, ledger: Ledger, seed: int = 1
    ) -> Writer:
        """Somebody with a browser, at an address of their own."""
        browser = Browser(site.port, f"10.{seed % 250}.{number // 250}.{number % 250 + 1}", gauge)
        return cls(number, account, browser, ledger, random.Random(f"{seed} {number}"))  # noqa: S311 - repeatable

    def sign_in(self) -> None:
        """Come in by the door."""
        page = self.browser.get("/en/sign-in")
        form = page.form("/sign-in").filled(email=self.account.email, password=PASSWORD)
        answer = self.browser.send(form)
        if not answer.done:
            raise RuntimeError(f"{self.account.email} cannot sign in: {answer.status}")

    def work(self, stop: threading.Event) -> None:
        """Act until told to stop. What the kill of the server interrupts is noted and left."""
        acts, weights = zip(*self._acts(), strict=True)
        while not stop.is_set():
            act: Act = self.rng.choices(acts, weights)[0]
            try:
                act()
                self.browser.gauge.did(act.__name__)
            except NoAnswer:
                time.sleep(0.1)
            except NoForm as problem:
                if problem.status == 200:  # a refusal was counted already
                    self.browser.gauge.fault(f"{act.__name__}: {problem}")
            time.sleep(self.rng.expovariate(1 / PAUSE))

    def _acts(self) -> list[tuple[Act, int]]:
        return [
            (self.reply, 38),
            (self.ask, 10),
            (self.react, 16),
            (self.edit, 10),
            (self.edit_twice, 3),
            (self.keep_answer, 8),
            (self.draft, 9),
            (self.withdraw, 2),
            (self.search, 4),
        ]

    def ask(self) -> None:
        """Ask a question."""
        form = self.browser.get(f"/en/spaces/{HOME}/new").form(f"/spaces/{HOME}/new")
        title = f"Where does one begin with case {self.number} {self.made}?"
        self._write(form.filled(title=title), title=title)

    def reply(self) -> None:
        """Reply in a topic; sometimes a draft of it is kept first."""
        topic = self._some_topic()
        if not topic:
            return self.ask()
        form = self.browser.get(f"/en/topics/{topic}").form("/replies")
        if self.rng.random() < 0.2:
            self._draft(f"topic:{topic}", form)
        self._write(form, topic=topic)
        return None

    def _some_topic(self) -> str:
        """Mostly one of the latest: there people meet."""
        topics = [message.topic for message in self.ledger.known() if message.first]
        return self.rng.choice(topics[-6:] if self.rng.random() < 0.7 else topics) if topics else ""

    def _write(self, form: Form, title: str = "", topic: str = "") -> None:
        mark = self._mark()
        form = form.filled(body=body(mark))
        written = Written(self.account.persona, mark, form.value("idem"), title, topic)
        if not written.form_key:
            self.browser.gauge.fault("a form without its key")
        self.ledger.writes(written)
        self._deliver(form, written)
        self._draft_is_used(f"topic:{topic}" if topic else f"space:{HOME}", written)
        if written.promised:
            self._look_at(written)

    def _draft_is_used(self, place: str, written: Written) -> None:
        """What was sent is no draft any more; what was refused is one where the answer said so."""
        draft = self.ledger.draft(self.account.persona, place)
        if written.promised:
            draft.values = {""}
            return
        if written.drafted:
            draft.values = {written.mark}
        if written.lost:  # taken, or refused and kept, or never come
            draft.values = draft.values | {"", written.mark}

    def _mark(self) -> str:
        """A word that no other message has, and that no search takes for another one."""
        self.made += 1
        return f"q{self.number}x{self.made}q"

    def _deliver(self, form: Form, written: Written) -> None:
        """Send until an answer comes, or until one gives up."""
        copies = 2 if self.rng.random() < TWICE else 1
        while True:
            before = written.lost
            written.answered(self.browser.send_together([form] * copies))
            if written.promised and self.rng.random() < AGAIN:  # "send again?" asks the browser on reload
                written.answered(self.browser.send_together([form]))
            if written.promised or written.lost == before or self.rng.random() < GIVES_UP:
                return
            self._wait()
            copies = 1

    def _wait(self) -> None:
        """Until the site answers again."""
        for _ in range(300):
            try:
                self.browser.get("/healthz")
                return
            except NoAnswer:
                time.sleep(0.1)

    def _look_at(self, written: Written) -> None:
        """Find the post where the answer led, and tell the others."""
        address = sorted(written.led_to)[0]
        topic = address.partition("?")[0].partition("#")[0].rsplit("/", 1)[1]
        key = address.partition("#")[2]
        if not key:
            found = OWN_POST.search(self._page(address))
            if found is None:
                self.browser.gauge.fault("a question that was promised is not on its page")
                return
            key = found.group(1)
        written.topic = topic
        mark = written.mark
        message = Message(
            key, topic, self.account.persona, address, bool(written.title), mark, Possible(mark)
        )
        self.mine.append(message)
        self.ledger.stands(message)

    def _page(self, address: str) -> str:
        """What stands there; where it cannot be shown now, once it can."""
        for _ in range(300):
            answer = self.browser.get(address)
            if answer.status != NOT_NOW:
                break
            time.sleep(0.1)
        return answer.text

    # With what is there

    def _some(self, fits: Callable[[Message], bool]) -> Message | None:
        """A message that fits, mostly one of the latest."""
        fitting = [
            message for message in self.ledger.known() if message.withdrawn.surely(False) and fits(message)
        ]
        return self.rng.choice(fitting[-12:] if self.rng.random() < 0.7 else fitting) if fitting else None

    def _others(self, message: Message) -> bool:
        return message.author != self.account.persona

    def react(self) -> None:
        """Press one of the reactions under somebody's message, or take it back."""
        message = self._some(self._others)
        if message is None:
            return
        page = self.browser.get(message.address, GONE)
        forms = [form for form in page.forms(f"/posts/{message.key}/react") if form.buttons]
        if not forms:
            if page.status == 200:
                self._must_be_gone(message, "react")
            return
        form = self.rng.choice(forms)
        verb, kind = form.buttons[0]
        answer = self._once(form.pressed(form.buttons[0]), message)
        state = message.reactions.setdefault((self.account.persona, kind), Possible(False))
        state.asked(verb == "add", [answer])

    def _once(self, form: Form, message: Message) -> Answer | NoAnswer:
        """Send without trying again; a refusal must be explained by a withdrawal."""
        try:
            answer = self.browser.send(form, GONE)
        except NoAnswer as problem:
            return problem
        if answer.status in GONE:
            self._must_be_gone(message, form.action.rsplit("/", 1)[1])
        return answer

    def _must_be_gone(self, message: Message, act: str) -> None:
        if message.withdrawn.surely(False):
            self.browser.gauge.fault(f"{act}: a message that nobody withdrew is not there")

    def keep_answer(self) -> None:
        """Keep an answer to one's own question, or keep it no longer."""
        asked = {message.topic for message in self.mine if message.first}
        message = self._some(lambda one: one.topic in asked and not one.first)
        if message is None:
            return
        kept = True in message.kept.values and self.rng.random() < 0.5
        if kept:
            forms = self.browser.get(message.address, GONE).forms(f"/posts/{message.key}/unaccept")
        else:
            forms = self.browser.get(f"/en/posts/{message.key}/accept", GONE).forms("/accept")
        if forms:
            message.kept.asked(not kept, [self._once(forms[0], message)])

    def edit(self) -> None:
        """Change one's own words. Told that they were changed elsewhere, one sends them again."""
        message = self._own()
        if message is None:
            return
        mark = self._mark()
        form = self._edit_form(message).filled(body=body(mark))
        message.edits.append(mark)
        for last in (False, True):
            answer = self._saved(form, message, mark)
            if not (isinstance(answer, Answer) and answer.status == 409):
                return
            if last:
                self.browser.gauge.fault("edit: refused, although made from the newest text")
            form = answer.form("/edit")

    def _saved(self, form: Form, message: Message, mark: str) -> Answer | NoAnswer:
        try:
            answer: Answer | NoAnswer = self.browser.send(form, {409})
        except NoAnswer as problem:
            answer = problem
        message.says.asked(mark, [answer])
        return answer

    def edit_twice(self) -> None:
        """Change the same text in two windows at once: one is kept, the other one gets both texts."""
        message = self._own()
        if message is None:
            return
        marks = [self._mark(), self._mark()]
        # A draft of an edit that was refused before would be of an older text.
        token = self._edit_form(message).value("csrf_token")
        place = f"edit:{message.key}"
        self.browser.send(Form("/en/drafts/discard", (("csrf_token", token), ("place", place))))
        form = self._edit_form(message)
        message.edits += marks
        answers = self.browser.send_together([form.filled(body=body(mark)) for mark in marks], {409})
        self._judge(marks, answers)
        _decide(message.says, marks, answers)

    def _judge(self, marks: list[str], answers: list[Answer | NoAnswer]) -> None:
        """One of two edits at once is kept, the other refused with the text of the first."""
        if any(isinstance(answer, NoAnswer) for answer in answers):
            return
        statuses = sorted(answer.status for answer in answers if isinstance(answer, Answer))
        if statuses not in TWO_EDITS:
            self.browser.gauge.fault(f"two edits at once: {statuses}")
        for answer, other in zip(answers, reversed(marks), strict=True):
            if isinstance(answer, Answer) and answer.status == 409 and other not in answer.text:
                self.browser.gauge.fault("409 without the text that was saved meanwhile")

    def _own(self) -> Message | None:
        return self._some(lambda message: message.author == self.account.persona)

    def _edit_form(self, message: Message) -> Form:
        return self.browser.get(f"/en/posts/{message.key}/edit").form("/edit")

    def withdraw(self) -> None:
        """Take a reply back."""
        message = self._some(lambda one: one.author == self.account.persona and not one.first)
        if message is None:
            return
        form = self.browser.get(f"/en/posts/{message.key}/withdraw").form("/withdraw")
        message.withdrawn.values = {False, True}  # the others may meet it either way from now on
        try:
            answer = self.browser.send(form)
        except NoAnswer:
            return
        message.withdrawn.values = {answer.done}

    def draft(self) -> None:
        """Begin to write somewhere, and leave it."""
        form = self.browser.get(f"/en/spaces/{DRAFTS}/new").form(f"/spaces/{DRAFTS}/new")
        self._draft(f"space:{DRAFTS}", form)

    def _draft(self, place: str, form: Form) -> None:
        mark = self._mark()
        kept = form.filled(body=body(mark), place=place)
        state = self.ledger.draft(self.account.persona, place)
        try:
            state.asked(mark, [self.browser.send(Form("/en/drafts", kept.values), {409})])  # forty wait
        except NoAnswer as problem:
            state.asked(mark, [problem])
            raise

    def search(self) -> None:
        """Look for something, without judging what is found: that is checked when all is quiet."""
        message = self._some(lambda _: True)
        self.browser.get(f"/en/search?q={min(message.says.values) if message else 'begin'}")


def body(mark: str) -> str:
    """A message that holds a mark."""
    return f"First *slowly*, then a little more: {mark}. Ask again in three days."


def _decide(says: Possible[str], marks: list[str], answers: list[Answer | NoAnswer]) -> None:
    """What a message may say after two windows sent two texts."""
    kept = [m for m, a in zip(marks, answers, strict=True) if isinstance(a, Answer) and a.done]
    lost = [m for m, a in zip(marks, answers, strict=True) if isinstance(a, NoAnswer) and a.sent]
    if len(kept) == 1:
        says.values = set(kept)
    elif lost:
        refused = any(isinstance(answer, Answer) and answer.status == 409 for answer in answers)
        says.values = set(lost) if refused else says.values | set(lost)
