"""A folder with posts.jsonl, users.jsonl and comments.jsonl, as cut from a Stack Exchange data dump.

Questions become topics, answers and comments posts; dates, names, accepted answers and the closing of
a question are kept. Scores are not: here nobody has one. Tags are not either: they belong to another
order of things than our regions and themes. Tag pages and other types are counted as skipped.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from community.forum.citations import Citation
from community.forum.importing.plan import Author, Entry, Thread, key, sorted_out
from community.forum.importing.report import Report
from community.forum.importing.rows import BadRow, Row, read_rows
from community.forum.models.posts import VALID_MONTHS
from community.forum.models.topics import TITLE_LEAST
from community.forum.services.answers import months_later

FILES = ("posts.jsonl", "users.jsonl", "comments.jsonl")
_NETWORK = re.compile(
    r"[a-z0-9-]+-stackexchange|stackoverflow|serverfault|superuser|askubuntu|mathoverflow-net"
)
# Which licence a contribution is under follows from its date (stackoverflow.com/help/licensing).
_LICENCES = (
    (datetime(2018, 5, 2, tzinfo=UTC), "CC BY-SA 4.0"),
    (datetime(2011, 4, 8, tzinfo=UTC), "CC BY-SA 3.0"),
    (datetime.min.replace(tzinfo=UTC), "CC BY-SA 2.5"),
)


@dataclass(frozen=True)
class Site:
    """Where the folder comes from: a host when it is known, else the folder's name."""

    name: str
    address: str = ""  # https://…, empty when unknown
    licence: str = ""  # empty: by date

    def licences(self, moments: list[datetime]) -> str:
        """Under what these contributions are, as one text."""
        return self.licence or ", ".join(sorted({_licence_at(at) for at in moments}))


def _licence_at(at: datetime) -> str:
    return next(name for since, name in _LICENCES if at >= since)


def site_of(folder: Path, address: str = "", licence: str = "") -> Site:
    """The site, from what the operator says, else from the folder's name as the dumps have it."""
    if address:
        host = re.sub(r"^https?://", "", address.strip().lower()).split("/")[0]
        return Site(host, f"https://{host}", licence)
    name = folder.resolve().name.lower()
    if _NETWORK.fullmatch(name):
        host = name.replace("-", ".") + ("" if name.endswith("-net") else ".com")
        return Site(host, f"https://{host}", licence)
    if re.fullmatch(r"(?:[a-z0-9-]+\.)+(?:com|net)", name):
        return Site(name, f"https://{name}", licence)
    return Site(name, "", licence)


@dataclass
class _Found:
    """The rows of the folder, by what they belong to."""

    questions: dict[str, Row] = field(default_factory=dict)
    answers: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    question_of: dict[str, str] = field(default_factory=dict)
    comments: dict[str, list[Row]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)  # where an id was seen first


def read(folder: Path, site: Site, report: Report) -> Iterator[Thread]:
    """The threads of the folder, by the order of their questions."""
    found = _Found()
    _users(folder, found, report)
    _posts(folder, found, report)
    _comments(folder, found, report)
    for post_id, row in found.questions.items():
        yield _Reader(site, found, report).thread(post_id, row)


def _users(folder: Path, found: _Found, report: Report) -> None:
    for row in read_rows(folder / "users.jsonl", report):
        try:
            user = row.key("id")
            found.names.setdefault(user, " ".join(row.text("display_name", needed=False).split()))
        except BadRow as bad:
            report.refuse(row.file, row.line, str(bad))


def _posts(folder: Path, found: _Found, report: Report) -> None:
    answers: list[tuple[str, str, Row]] = []
    for row in read_rows(folder / "posts.jsonl", report):
        try:
            _sort_post(row, found, answers, report)
        except BadRow as bad:
            report.refuse(row.file, row.line, str(bad))
    for post_id, parent, row in answers:  # a parent may stand after its answer
        if parent not in found.questions:
            report.refuse(row.file, row.line, f"answers question {parent}, which is not here")
        else:
            found.answers[parent].append(row)
            found.question_of[post_id] = parent


def _sort_post(row: Row, found: _Found, answers: list[tuple[str, str, Row]], report: Report) -> None:
    kind = row.text("type")
    if kind not in ("question", "answer"):
        report.skipped[kind[:40]] += 1
        return
    post_id = row.key("id")
    if post_id in found.lines:
        raise BadRow(f"id {post_id} stands in line {found.lines[post_id]} already")
    parent = row.key("parent_id") if kind == "answer" else ""
    row.moment("created_at")
    row.text("body_html")
    found.lines[post_id] = row.line
    if kind == "answer":
        answers.append((post_id, parent, row))
    else:
        _check_title(row)
        found.questions[post_id] = row
        found.question_of[post_id] = post_id


def _check_title(row: Row) -> None:
    if len(" ".join(row.text("title").split())) < TITLE_LEAST:
        raise BadRow("title is too short")


def _comments(folder: Path, found: _Found, report: Report) -> None:
    seen: dict[str, int] = {}
    for row in read_rows(folder / "comments.jsonl", report):
        try:
            comment, post = row.key("id"), row.key("post_id")
            if comment in seen:
                raise BadRow(f"id {comment} stands in line {seen[comment]} already")
            row.moment("created_at")
            row.text("text")
            if post not in found.question_of:
                raise BadRow(f"is about post {post}, which is not here")
            seen[comment] = row.line
            found.comments[post].append(row)
        except BadRow as bad:
            report.refuse(row.file, row.line, str(bad))


class _Reader:
    """Makes threads of rows that were found to be whole."""

    def __init__(self, site: Site, found: _Found, report: Report) -> None:
        self.site, self.found, self.report = site, found, report

    def thread(self, post_id: str, row: Row) -> Thread:
        """A question with its answers and all comments."""
        accepted = self._optional_key(row, "accepted_answer_id")
        rows = {post_id: row} | {each.key("id"): each for each in self.found.answers[post_id]}
        posts = [self._post(each, number, accepted) for number, each in rows.items()]
        comments = [self._comment(each, number) for number in rows for each in self.found.comments[number]]
        if accepted and accepted not in rows:
            self.report.notice(row.file, row.line, f"accepts answer {accepted}, which is not here")
        entries = (*posts, *comments)
        question = self._with_attribution(posts[0], post_id, [entry.at for entry in entries])
        return sorted_out(
            Thread(
                key=question.key,
                title=" ".join(row.text("title").split()),
                entries=(question, *entries[1:]),
                site=self.site.address,
                closed=self._optional_moment(row, "closed_at") is not None,
            )
        )

    def _post(self, row: Row, post_id: str, accepted: str) -> Entry:
        at = row.moment("created_at")
        kept = row.values["type"] == "answer" and post_id == accepted
        return Entry(
            key=key("se", self.site.name, "post", post_id),
            kind="answer" if row.values["type"] == "answer" else "question",
            author=self._author(row),
            words=row.text("body_html"),
            form="html",
            at=at,
            file=row.file,
            line=row.line,
            edited_at=self._optional_moment(row, "edited_at"),
            accepted=kept,
            # When it was accepted is not known; the answer itself is as old as it is.
            valid_until=months_later(at.date(), VALID_MONTHS) if kept else None,
        )

    def _comment(self, row: Row, post_id: str) -> Entry:
        at = row.moment("created_at")
        return Entry(
            key=key("se", self.site.name, "comment", row.key("id")),
            kind="comment",
            author=self._author(row),
            words=row.text("text"),
            form="comment",
            at=at,
            file=row.file,
            line=row.line,
            answers=key("se", self.site.name, "post", post_id),
        )

    def _with_attribution(self, question: Entry, post_id: str, moments: list[datetime]) -> Entry:
        licence = self.site.licences(moments)
        label = f"{self.site.name}, question {post_id}, {licence}"
        address = f"{self.site.address}/questions/{post_id}" if self.site.address else ""
        source = Citation("url" if address else "guideline", address, label)
        return replace(question, sources=(source,))

    def _author(self, row: Row) -> Author:
        user = self._optional_key(row, "author_id")
        written = " ".join(str(row.values.get("author_name") or "").split())
        if user:
            name = self.found.names.get(user) or written or f"user{user}"
            return Author(key("se", self.site.name, "user", user), name)
        if written:
            return Author(key("se", self.site.name, "name", written), written)
        return Author(key("se", self.site.name, "nobody"), "")

    def _optional_key(self, row: Row, name: str) -> str:
        try:
            return row.key(name, needed=False)
        except BadRow as bad:
            self.report.notice(row.file, row.line, f"{bad}: left out")
            return ""

    def _optional_moment(self, row: Row, name: str) -> datetime | None:
        try:
            return row.moment(name) if row.has(name) else None
        except BadRow as bad:
            self.report.notice(row.file, row.line, f"{bad}: left out")
            return None
