"""Threads as they will be stored: in our Markdown, rendered, split, their language known.

Everything that takes time happens here, outside of any transaction, so that somebody who replies
meanwhile does not wait.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from community.core.errors import Invalid
from community.core.ids import new_key
from community.core.language import propose_language
from community.core.publish import Text, before_publish
from community.core.text import render, says_nothing
from community.forum.citations import Citation
from community.forum.importing.comments import from_comment
from community.forum.importing.escaping import escape_label
from community.forum.importing.markdown import from_html, from_plain
from community.forum.importing.plan import Author, Entry, Thread
from community.forum.importing.report import Report
from community.forum.importing.split import split
from community.forum.models.topics import TITLE_MOST

ENOUGH_TO_TELL = 150  # characters; a shorter text is taken to be in its thread's language


@dataclass(frozen=True)
class ReadyPost:
    """One post to be stored."""

    key: str
    imported_from: str
    author: Author
    body: str
    html: str
    lang: str
    at: datetime
    edited_at: datetime | None
    accepted: bool
    valid_until: date | None
    sources: tuple[Citation, ...]


@dataclass(frozen=True)
class ReadyThread:
    """One topic to be stored, with its posts in their order."""

    imported_from: str
    title: str
    lang: str
    closed: bool
    posts: tuple[ReadyPost, ...]


class _Refused(Exception):
    """This text cannot be kept; ``args[0]`` says why."""


def write_up(thread: Thread, report: Report) -> ReadyThread | None:
    """The thread, ready; None, and in the report, when its question cannot be kept."""
    title = _title(thread, report)
    keys: dict[str, tuple[str, str]] = {}  # of each entry: the key of its post, the name of its author
    lang = ""
    posts: list[ReadyPost] = []
    for entry in thread.entries:
        try:
            body = _body(entry, thread, title, keys, report)
            if not lang:
                lang = _language(entry, body, "")
                _ask("topic", "title", title, lang)
            made = _posts(entry, body, lang)
        except _Refused as refused:
            report.refuse(entry.file, entry.line, str(refused))
            if not posts:
                _refuse_rest(thread, report)
                return None
            continue
        keys[entry.key] = (made[0].key, entry.author.name)
        posts += made
        _count(entry, made, report)
    report.count("threads")
    return ReadyThread(thread.key, title, lang, thread.closed, tuple(posts))


def _refuse_rest(thread: Thread, report: Report) -> None:
    for entry in thread.entries[1:]:
        report.refuse(entry.file, entry.line, "its question was refused")


def _count(entry: Entry, made: list[ReadyPost], report: Report) -> None:
    report.count("posts", len(made))
    if entry.kind != "question":
        report.count("answers" if entry.kind == "answer" else "comments")
    if entry.accepted:
        report.count("accepted")
    if len(made) > 1:
        report.count("split")
        report.notice(entry.file, entry.line, f"too long for one post: split into {len(made)}")


def _title(thread: Thread, report: Report) -> str:
    if len(thread.title) <= TITLE_MOST:
        return thread.title
    report.notice(thread.question.file, thread.question.line, f"title cut at {TITLE_MOST} characters")
    return thread.title[: TITLE_MOST - 1].rsplit(" ", 1)[0].rstrip(" ,;:.") + "…"


def _body(entry: Entry, thread: Thread, title: str, keys: dict[str, tuple[str, str]], report: Report) -> str:
    """The text in our Markdown. :raises _Refused: nothing is left of it, or it cannot be read."""
    if entry.kind == "comment" and entry.answers not in keys:
        raise _Refused("what it is about was refused")
    try:
        body = _FORMS[entry.form](entry.words, thread.site)
    except (ValueError, RecursionError) as problem:
        raise _Refused(str(problem) or "the text cannot be read") from None
    if says_nothing(body):
        if entry.kind != "question":
            raise _Refused("nothing is left of its text but pictures or empty lines")
        report.notice(entry.file, entry.line, "nothing is left of its text: the title stands in its place")
        body = from_plain(title)
    return _about(keys[entry.answers]) + body if entry.kind == "comment" else body


_FORMS: dict[str, Callable[[str, str], str]] = {
    "html": from_html,
    "comment": from_comment,
    "plain": lambda words, _site: from_plain(words),
}


def _about(post: tuple[str, str]) -> str:
    """The line that says whom a comment answers, with an address that holds wherever it is read."""
    key, name = post
    return f"> [{escape_label(name) or '…'}](/posts/{key})\n\n"


def _language(entry: Entry, body: str, thread_lang: str) -> str:
    if entry.lang:
        return entry.lang
    if thread_lang and len(body) < ENOUGH_TO_TELL:
        return thread_lang
    return propose_language(body) or thread_lang or "en"


def _posts(entry: Entry, body: str, thread_lang: str) -> list[ReadyPost]:
    lang = _language(entry, body, thread_lang)
    _ask("post", "body", body, lang)
    parts = split(body)
    return [_post(entry, part, lang, number) for number, part in enumerate(parts)]


def _ask(place: str, field: str, words: str, lang: str) -> None:
    try:
        before_publish(Text(place, field, words, lang, None, imported=True))
    except Invalid as problem:
        raise _Refused(str(problem.sentence)) from None


def _post(entry: Entry, body: str, lang: str, number: int) -> ReadyPost:
    first = number == 0
    return ReadyPost(
        key=new_key(),
        imported_from=entry.key if first else f"{entry.key}/{number + 1}",
        author=entry.author,
        body=body,
        html=render(body),
        lang=lang,
        at=entry.at,
        edited_at=entry.edited_at,
        accepted=entry.accepted and first,
        valid_until=entry.valid_until if first else None,
        sources=entry.sources if first else (),
    )
