"""A file as somebody sends it, made into what is kept of it. No database."""

from __future__ import annotations

from dataclasses import dataclass

from flask_babel import lazy_gettext as _l

from community.core.errors import Invalid, TooLarge
from community.core.tidy import tidy
from community.forum.attachments.kinds import FIELD, KINDS, TEXTS, Kind, kind_of, text_of
from community.forum.attachments.names import stem_of
from community.forum.attachments.pictures import drawn_anew

MOST = 4  # files of one message
LONGEST_ALT = 500
TEXT_MOST = 100_000  # bytes of a text: the guard reads all of it while the message is stored
NO_ALT = _l("Say in a few words what the picture shows: people who cannot see it read your words instead.")
NO_PDF = _l(
    "Under a protected name no PDF is taken: it often holds its author’s name, and this site cannot take "
    "that out. Send pictures of its pages, or its text."
)


@dataclass(frozen=True)
class Sent:
    """A file as a form sends it, with the words for those who do not see it."""

    name: str
    declared: str
    content: bytes
    alt: str = ""


@dataclass(frozen=True)
class Ready:
    """What is kept of a file."""

    kind: str
    name: str  # without its ending; "" where it is not kept
    alt: str
    content: bytes
    small: bytes = b""
    width: int | None = None
    height: int | None = None


def made_ready(sent: Sent, *, protected: bool, largest: int) -> Ready:
    """What is kept of a file.

    :param protected: of a protected name no PDF is taken. :param largest: in bytes.
    :raises TooLarge: it is. :raises Invalid: it is of no kind that is taken, damaged, or not what it says.
    """
    most = min(largest, TEXT_MOST) if _ends_as_text(sent.name) else largest
    if len(sent.content) > most:
        raise TooLarge(too_large(most))
    kind = kind_of(sent.name, sent.declared, sent.content)
    if kind.code == "pdf" and protected:
        raise Invalid(FIELD, NO_PDF)
    name, alt = stem_of(sent.name), alt_of(sent.alt)
    if not kind.picture:
        return Ready(kind.code, name, "", _as_kept(kind, sent.content))
    drawn = drawn_anew(sent.content, kind.code)
    return Ready(drawn.kind, name, alt, drawn.whole, drawn.small, drawn.width, drawn.height)


def alt_of(words: str) -> str:
    """The words for a picture, on one line. :raises Invalid: they are too long."""
    alt = " ".join(tidy(words.replace("\x00", "")).split())
    if len(alt) > LONGEST_ALT:
        raise Invalid(FIELD, _l("What the picture shows is said in at most %(n)s characters.", n=LONGEST_ALT))
    return alt


def too_large(most: int) -> object:
    """The sentence for a file of more than so many bytes."""
    if most >= 1024 * 1024:
        return _l("The file is too large: at most %(n)s MB.", n=most // (1024 * 1024))
    return _l("The text is too large: at most %(n)s KB.", n=most // 1000)


def _as_kept(kind: Kind, content: bytes) -> bytes:
    """A text in the one coding it is given back in; a PDF as it came."""
    return text_of(content).encode() if kind.code in TEXTS else content


def _ends_as_text(name: str) -> bool:
    ending = name.rpartition(".")[2].lower()
    return any(ending in KINDS[code].endings for code in TEXTS)
