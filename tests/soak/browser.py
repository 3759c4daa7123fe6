"""A browser as small as can be: cookies, pages, and their forms sent as they stand there.

It tells an answer that never came (the server was killed meanwhile) from every other failure: what
was sent may then have been done or not, and the person sends the same form again.
"""

from __future__ import annotations

import http.client
import threading
import time
import urllib.parse
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from html.parser import HTMLParser
from http.cookies import SimpleCookie

from tests.soak.gauge import Gauge

# Longer than the database lets a writer wait for its turn.
PATIENCE = 40.0

Pairs = tuple[tuple[str, str], ...]


class NoAnswer(Exception):
    """The connection ended before an answer. ``sent``: the request may have arrived."""

    def __init__(self, sent: bool) -> None:
        super().__init__("sent, not answered" if sent else "not sent")
        self.sent = sent


class NoForm(LookupError):
    """A page without the form that was expected on it."""

    def __init__(self, status: int, action: str) -> None:
        super().__init__(f"a page ({status}) without its form for {action}")
        self.status = status


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: str

    @property
    def location(self) -> str:
        """Where it leads, as a path."""
        parts = urllib.parse.urlsplit(self.headers.get("location", ""))
        return urllib.parse.urlunsplit(("", "", *parts[2:]))

    @property
    def done(self) -> bool:
        """Whether what was sent was done."""
        return self.status in {200, 204, 302, 303}

    def forms(self, action_ends: str = "") -> list[Form]:
        """The forms of the page whose address ends so."""
        reader = _Reader()
        reader.feed(self.text)
        return [form for form in reader.forms if form.action.endswith(action_ends)]

    def form(self, action_ends: str) -> Form:
        """The one form of the page whose address ends so. :raises NoForm: there is none."""
        for form in self.forms(action_ends):
            return form
        raise NoForm(self.status, action_ends)


@dataclass(frozen=True)
class Form:
    """A form as a page shows it: its values, and its buttons that have one."""

    action: str
    values: Pairs = ()
    buttons: Pairs = ()

    def value(self, name: str) -> str:
        """What a field holds."""
        return next((value for found, value in self.values if found == name), "")

    def filled(self, **values: str) -> Form:
        """The form with other words in some fields."""
        rest = tuple((name, value) for name, value in self.values if name not in values)
        return replace(self, values=(*rest, *values.items()))

    def pressed(self, button: tuple[str, str]) -> Form:
        """The form as this button sends it."""
        return replace(self, values=(*self.values, button))


class _Reader(HTMLParser):
    """Collects forms with what a browser would send of them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._action = ""
        self._values: list[tuple[str, str]] = []
        self._buttons: list[tuple[str, str]] = []
        self._area: str | None = None
        self._said: list[str] = []
        self._select: tuple[str, list[tuple[bool, str]]] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what belongs to a form."""
        known = {name: value or "" for name, value in attrs}
        name = known.get("name", "")
        if tag == "form":
            self._action, self._values, self._buttons = known.get("action", ""), [], []
        elif tag == "input" and name:
            self._input(known)
        elif tag == "textarea" and name:
            self._area, self._said = name, []
        elif tag == "select" and name:
            self._select = (name, [])
        elif tag == "option" and self._select:
            self._select[1].append(("selected" in known, known.get("value", "")))
        elif tag == "button" and name:
            self._buttons.append((name, known.get("value", "")))

    def _input(self, known: dict[str, str]) -> None:
        if known.get("type") in {"checkbox", "radio"} and "checked" not in known:
            return
        if known.get("type") not in {"submit", "button", "file"}:
            self._values.append((known["name"], known.get("value", "")))

    def handle_data(self, data: str) -> None:
        """The words of a text area."""
        if self._area is not None:
            self._said.append(data)

    def handle_endtag(self, tag: str) -> None:
        """A field or a form is whole."""
        if tag == "textarea" and self._area is not None:
            self._values.append((self._area, "".join(self._said).removeprefix("\r").removeprefix("\n")))
            self._area = None
        elif tag == "select" and self._select:
            name, options = self._select
            chosen = [value for selected, value in options if selected] or [value for _, value in options[:1]]
            self._values.extend((name, value) for value in chosen)
            self._select = None
        elif tag == "form":
            self.forms.append(Form(self._action, tuple(self._values), tuple(self._buttons)))


@dataclass
class Browser:
    """One person's browser, at an address of their own."""

    port: int
    address: str
    gauge: Gauge
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, also: Collection[int] = ()) -> Answer:
        """Open a page. ``also``: other answers that are no fault here. :raises NoAnswer: killed meanwhile."""
        return self._ask("GET", path, None, also)

    def send(self, form: Form, also: Collection[int] = ()) -> Answer:
        """Send a form. :raises NoAnswer: killed meanwhile."""
        return self._ask("POST", form.action, form.values, also)

    def send_together(self, forms: Sequence[Form], also: Collection[int] = ()) -> list[Answer | NoAnswer]:
        """Send several forms at the same moment."""
        together = threading.Barrier(len(forms))
        answers: list[Answer | NoAnswer] = [NoAnswer(sent=False)] * len(forms)

        def one(place: int) -> None:
            together.wait()
            try:
                answers[place] = self.send(forms[place], also)
            except NoAnswer as problem:
                answers[place] = problem

        threads = [threading.Thread(target=one, args=(place,)) for place in range(len(forms))]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return answers

    def _ask(self, method: str, path: str, values: Pairs | None, also: Collection[int]) -> Answer:
        started = time.monotonic()
        try:
            answer = self._exchange(method, path, values)
        except TimeoutError:
            self.gauge.fault(f"{method} {_kind(path)}: no answer in {PATIENCE:.0f} s")
            raise NoAnswer(sent=True) from None
        except NoAnswer as problem:
            self.gauge.unanswered(problem.sent)
            raise
        what = f"{method} {_kind(path)}"
        self.gauge.answered(what, answer.status, answer.headers, started, also)
        if "database is locked" in answer.text:
            self.gauge.fault(f"{what}: says that the database is locked")
        return answer

    def _exchange(self, method: str, path: str, values: Pairs | None) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.connect()
        except OSError:
            raise NoAnswer(sent=False) from None
        try:
            body = None if values is None else urllib.parse.urlencode(values)
            connection.request(method, path.partition("#")[0], body, self._headers(values is not None))
            answer = connection.getresponse()
            text = answer.read().decode(errors="replace")
        except TimeoutError:
            raise
        except (OSError, http.client.HTTPException):
            raise NoAnswer(sent=True) from None
        finally:
            connection.close()
        self._keep_cookies(answer.headers.get_all("Set-Cookie") or [])
        return Answer(answer.status, {name.lower(): value for name, value in answer.headers.items()}, text)

    def _headers(self, form: bool) -> dict[str, str]:
        headers = {"Connection": "close", "X-Forwarded-For": self.address, "Accept": "text/html"}
        if form:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        return headers

    def _keep_cookies(self, lines: Collection[str]) -> None:
        for line in lines:
            for name, morsel in SimpleCookie(line).items():
                self.cookies[name] = morsel.value


def _kind(path: str) -> str:
    """The address without what is particular to one thing, for counting."""
    words = path.partition("?")[0].partition("#")[0].split("/")
    return "/".join("…" if len(word) == 22 else word for word in words)
