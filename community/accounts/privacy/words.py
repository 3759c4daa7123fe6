"""The lists of an archive, the points of the registers and the acts of the privacy centre, in words."""

from __future__ import annotations

from flask_babel import gettext, lazy_gettext, lazy_pgettext

from community.accounts import words
from community.core.archives import Row, Rows

_LISTS: dict[str, object] = {
    "names": lazy_pgettext("kept", "The name, its language and its region"),
    "groups": lazy_pgettext("kept", "Groups it belongs to"),
    "titles": lazy_pgettext("kept", "Titles it claims"),
    "decisions": lazy_pgettext("kept", "Decisions on its titles"),
    "duties": lazy_pgettext("kept", "Duties"),
    "account": lazy_pgettext("kept", "Address or sign-in name, language, since when"),
    "consents": lazy_pgettext("kept", "What was agreed to"),
    "sessions": lazy_pgettext("kept", "Open sessions"),
    "rescue_codes": lazy_pgettext("kept", "Rescue codes, which cannot be read back"),
    "topics": lazy_pgettext("kept", "Topics it began"),
    "posts": lazy_pgettext("kept", "Messages"),
    "sources": lazy_pgettext("kept", "Sources it gave"),
    "revisions": lazy_pgettext("kept", "Earlier versions of messages"),
    "reactions": lazy_pgettext("kept", "Reactions"),
    "reports": lazy_pgettext("kept", "Reports it made"),
    "follows": lazy_pgettext("kept", "Spaces and topics it follows or mutes"),
    "bookmarks": lazy_pgettext("kept", "Messages it keeps"),
    "readings": lazy_pgettext("kept", "How far it has read, without any time"),
    "drafts": lazy_pgettext("kept", "Drafts"),
    "open_notes": lazy_pgettext("kept", "Content notes it leaves open"),
    "memberships": lazy_pgettext("kept", "Spaces it was let into"),
    "invitations": lazy_pgettext("kept", "Topics it was invited into"),
    "answers": lazy_pgettext("kept", "What it can answer"),
    "fields": lazy_pgettext("kept", "Themes, regions and languages it can answer about"),
    "on_call": lazy_pgettext("kept", "Days on call"),
    "laid": lazy_pgettext("kept", "Questions laid before it"),
    "notices": lazy_pgettext("kept", "Notices"),
    "choices": lazy_pgettext("kept", "What comes by mail"),
    "hours": lazy_pgettext("kept", "Quiet hours"),
    "letters": lazy_pgettext("kept", "Mail that went out, without its address"),
    "cases": lazy_pgettext("kept", "Bands of the cases it described"),
    "declarations": lazy_pgettext("kept", "That a number it wrote identifies nobody, without the number"),
    "openings": lazy_pgettext("kept", "Requests to open its link, and who decided"),
    "attested": lazy_pgettext("kept", "That a verified clinician is behind it"),
    "conversations": lazy_pgettext("kept", "Private conversations"),
    "messages": lazy_pgettext("kept", "What it wrote in them"),
    "who_may_write_to_me": lazy_pgettext("kept", "Who may write to it"),
    "kept_away": lazy_pgettext("kept", "Names it blocks or mutes"),
    "moderation.decisions": lazy_pgettext("kept", "Decisions of moderators about it"),
    "moderation.reports": lazy_pgettext("kept", "Reports it made of names and conversations"),
    "appeals": lazy_pgettext("kept", "Second looks it asked for"),
    "watch": lazy_pgettext("kept", "Hours in which it moderates"),
    "signed_out_when_idle": lazy_pgettext("kept", "After how long without any act you are signed out"),
    "passkeys": lazy_pgettext("kept", "Passkeys, their public half"),
    "apps": lazy_pgettext("kept", "Code apps, without their secret"),
    "browsers": lazy_pgettext("kept", "Kinds of browser, and the last day"),
    "linked_sign_ins": lazy_pgettext("kept", "Sign-in at other providers"),
}
_POINTS = {
    "information": lazy_gettext("Which personal information"),
    "circumstances": lazy_gettext("What happened"),
    "happened": lazy_gettext("When it happened: day or period, or about when"),
    "known": lazy_gettext("When and how it became known"),
    "people": lazy_gettext("How many people, or about how many; how many of them in Quebec"),
    "risk": lazy_gettext("What the risk was weighed on"),
    "notices": lazy_gettext("When the commission and the people were told, or why not"),
    "measures": lazy_gettext("What was done, and when, to lessen the risk"),
    "purpose": lazy_gettext("What the anonymised information serves"),
    "technique": lazy_gettext("How it was made anonymous, and what protects it"),
}
_HINTS = {
    "information": lazy_gettext("Kinds only: no name, no address, no quotation."),
    "risk": lazy_gettext(
        "How sensitive it is, what it could be misused for, what would follow, and how likely that is. Say "
        "whether there is a risk of serious injury."
    ),
    "notices": lazy_gettext("Needed where there is a risk of serious injury. Say so where there is none."),
}
_RISK_OF_ANONYMISING = lazy_gettext(
    "When the risk of finding somebody again was last weighed, by whom, and what came of it"
)
_REGISTERS = {
    "incidents": lazy_gettext("Register of incidents"),
    "anonymisations": lazy_gettext("Register of anonymisations"),
}

REQUEST_NAMES: dict[str, object] = {
    "access": lazy_gettext("To see what is kept of them"),
    "portability": lazy_gettext("To take along what they gave, as a file"),
    "rectification": lazy_gettext("To have something corrected"),
    "dissemination": lazy_gettext("To have something shown no more, or found no more by their name"),
    "destruction": lazy_gettext("To have something destroyed"),
}
REGISTER_NAMES: dict[str, object] = {
    "incidents": lazy_gettext("Register of incidents"),
    "anonymisations": lazy_gettext("Register of anonymisations"),
}
ANSWER_NAMES: dict[str, object] = {
    "granted": lazy_gettext("Granted"),
    "partly": lazy_gettext("Granted in part"),
    "refused": lazy_gettext("Refused, with the reason"),
    "nothing": lazy_gettext("Nothing is kept of this person"),
    "mistake": lazy_gettext("Written down by mistake"),
}

ACTS: dict[str, object] = {
    "archive.asked": lazy_pgettext("act", "Somebody asked for the archive of their own name"),
    "record.added": lazy_pgettext("act", "Entry added to a privacy register"),
    "record.dropped": lazy_pgettext("act", "Entry of a privacy register dropped after five years"),
    "record.exported": lazy_pgettext("act", "Privacy register taken out"),
    "request.added": lazy_pgettext("act", "Request about personal information written down"),
    "request.answered": lazy_pgettext("act", "Request about personal information answered"),
    "request.late": lazy_pgettext("act", "Request about personal information past its day"),
    "request.dropped": lazy_pgettext("act", "Request about personal information dropped after five years"),
}


def init() -> None:
    """Say the acts in words on the register of acts."""
    words.name_acts(ACTS)
    words.name_details("request", "kind", REQUEST_NAMES)
    words.name_details("request", "answer", ANSWER_NAMES)
    words.name_details("record", "register", REGISTER_NAMES)


def name_lists(more: dict[str, object]) -> None:
    """Let an upper domain say in words what the lists of its part of an archive are."""
    _LISTS.update(more)


def list_name(part: str, code: str) -> str:
    """A list of a part of an archive, in words; its code where nobody has said them."""
    return str(_LISTS.get(f"{part}.{code}") or _LISTS.get(code, code))


def name_all(found: dict[str, Rows]) -> list[tuple[str, list[Row]]]:
    """The lists of an archive, each with its words."""
    return [(list_name(part, name), rows) for part, lists in found.items() for name, rows in lists.items()]


def point_name(register: str, point: str) -> str:
    """A point of an entry, as its label."""
    if (register, point) == ("anonymisations", "risk"):
        return str(_RISK_OF_ANONYMISING)
    return str(_POINTS[point])


def point_hint(register: str, point: str) -> str:
    """What to write there."""
    return str(_HINTS.get(point, "")) if register == "incidents" else ""


def register_name(register: str) -> str:
    """A register by its name."""
    return str(_REGISTERS[register])


def request_name(kind: str) -> str:
    """What a request asks."""
    return str(REQUEST_NAMES[kind])


def answer_name(answer: str) -> str:
    """What was answered to it."""
    return str(ANSWER_NAMES[answer])


def choice_name(choice: str) -> str:
    """What becomes of the words of a name."""
    return {
        "former": gettext("Keep its messages, signed “former member”"),
        "neutral": gettext(
            "Keep its messages under a new name that the site draws, so that conversations can be read"
        ),
        "removed": gettext("Remove its messages"),
    }[choice]
