"""What the site has promised: every form that was answered, and every one whose answer never came.

After an answer there is one thing a row may say. After an answer that never came there are two: what
it said before, and what was asked. Anything else is a loss, a double or an invention.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from tests.soak.browser import Answer, NoAnswer

Value = TypeVar("Value")
# What the page of a refusal says where the text was kept on the server: then it must be there.
KEPT_AS_DRAFT = "Your text is kept as a draft"


class Possible(Generic[Value]):
    """The values that something may have, as far as a person can know."""

    def __init__(self, value: Value) -> None:
        self.values = {value}

    def asked(self, value: Value, answers: Iterable[Answer | NoAnswer]) -> None:
        """Somebody asked for this value and got these answers."""
        for answer in answers:
            if isinstance(answer, NoAnswer):
                if answer.sent:
                    self.values = self.values | {value}
            elif answer.done:
                self.values = {value}

    def surely(self, value: Value) -> bool:
        """Whether it can be nothing else."""
        return self.values == {value}


@dataclass
class Written:
    """One form that makes a post, sent once or several times: its author, its mark, where it led."""

    author: str
    mark: str
    form_key: str
    title: str = ""  # of a question; empty for a reply
    topic: str = ""  # key; of a question once it is known
    led_to: set[str] = field(default_factory=set)
    lost: int = 0
    drafted: bool = False  # its author was told that it waits as a draft
    sent: int = 0

    def answered(self, answers: Iterable[Answer | NoAnswer]) -> None:
        """Keep what came back."""
        for answer in answers:
            self.sent += 1
            if isinstance(answer, NoAnswer):
                self.lost += answer.sent
            elif answer.status in {302, 303}:
                self.led_to.add(answer.location)
            else:
                self.drafted = self.drafted or KEPT_AS_DRAFT in answer.text

    @property
    def promised(self) -> bool:
        """Whether its author was told that it is there."""
        return bool(self.led_to)


@dataclass
class Message:
    """A post that is known to be there, and what it may be now."""

    key: str
    topic: str
    author: str
    address: str
    first: bool
    mark: str
    says: Possible[str]
    edits: list[str] = field(default_factory=list)
    withdrawn: Possible[bool] = field(default_factory=lambda: Possible(False))
    kept: Possible[bool] = field(default_factory=lambda: Possible(False))
    # By persona and kind.
    reactions: dict[tuple[str, str], Possible[bool]] = field(default_factory=dict)

    @property
    def marks(self) -> list[str]:
        """Every mark that its words may have had."""
        return [self.mark, *self.edits]


@dataclass
class Ledger:
    """Everything of one soak. Only its author changes a message's words; lists only grow."""

    written: list[Written] = field(default_factory=list)
    messages: dict[str, Message] = field(default_factory=dict)
    # The draft of a persona at a place; "" where there is none.
    drafts: dict[tuple[str, str], Possible[str]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def writes(self, written: Written) -> None:
        """Somebody is about to send it for the first time."""
        with self._lock:
            self.written.append(written)

    def stands(self, message: Message) -> None:
        """A post was seen where its answer led; others may now react to it."""
        with self._lock:
            self.messages.setdefault(message.key, message)

    def known(self) -> list[Message]:
        """Every post known so far, oldest first."""
        with self._lock:
            return list(self.messages.values())

    def draft(self, persona: str, place: str) -> Possible[str]:
        """What the draft of this place may say."""
        with self._lock:
            return self.drafts.setdefault((persona, place), Possible(""))
