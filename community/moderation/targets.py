"""What can be reported: each kind of thing says what it is, who wrote it, where, and how it is hidden.

Other domains add theirs from their ``init_app``; nothing else of moderation knows of posts or names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from community.accounts.viewer import Viewer
from community.forum.queries.files import FileView

MARK = 16  # characters of the mark of what was read


@dataclass(frozen=True)
class Subject:
    """A thing as moderation sees it."""

    kind: str
    key: str
    author_id: str | None
    words: str  # what it says, for the sealed copy
    html: str = ""
    lang: str = ""
    notes: tuple[str, ...] = ()  # content notes: lists say them and none of its words
    title: str = ""
    space_id: int | None = None
    topic: str = ""  # the key of the topic it stands in
    state: str = "shown"  # shown, hidden, withdrawn
    held: bool = False  # hidden until somebody has looked, but not from its author
    files: tuple[FileView, ...] = ()
    hides_others: bool = False  # its words are gone, and what others wrote under it is hidden with it

    @property
    def hidden(self) -> bool:
        """Whether something of it waits to be shown, or not."""
        return self.state == "hidden" or self.hides_others

    @property
    def mark(self) -> str:
        """What a form carries of what was read, so that a decision is about nothing else."""
        read = "\n".join((self.words, *(f"{file.key} {file.alt}" for file in self.files)))
        return sha256(read.encode()).hexdigest()[:MARK]


@dataclass(frozen=True)
class Target:
    """One kind of thing that can be reported.

    ``seen`` raises NotFound for who may not see it; ``look`` finds it for those who moderate, or None when it
    is gone; ``hide`` and ``show`` do nothing where it is so already. ``back`` is where whoever reported it
    goes once it is hidden, where its address is gone with it. What is ``private`` was written for a few:
    whoever moderates opens it, and the register says so.
    """

    kind: str
    name: object
    seen: Callable[[Viewer, str], Subject]
    look: Callable[[str], Subject | None]
    address: Callable[[Subject], str]
    hide: Callable[[str], None] | None = None
    show: Callable[[str], None] | None = None
    back: Callable[[Subject], str] | None = None
    private: bool = False
    nameless: bool = False  # no name stands under it: it is called by its kind


_targets: dict[str, Target] = {}


def add(target: Target) -> None:
    """Let a kind of thing be reported."""
    _targets[target.kind] = target


def of(kind: str) -> Target | None:
    """How things of this kind are handled; None for a kind nobody knows."""
    return _targets.get(kind)


def look(kind: str, key: str) -> Subject | None:
    """The thing as it is now; None when it is gone."""
    found = of(kind)
    return found.look(key) if found else None
