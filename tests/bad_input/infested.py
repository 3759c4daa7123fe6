"""A community in which all that people wrote was written by an attacker: each cell of words in each table.

The words go past every form and service straight into the tables, as an import, an older version or a
forgotten check could have brought them there. What a table keeps is not asked of a list: a column that
holds words in the small world of the rules is filled, so that a new table is, too.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from community.accounts.privacy.models import PrivacyRecord
from community.conversations.models import Message
from community.conversations.services.messages import sealed_words
from community.core import text
from community.core.db import db, transaction
from community.directory.models import Arrangement, Correction, Document, Record
from community.directory.services import documents, listing, runs
from community.search import services as search
from tests.bad_input import lists
from tests.rules.place import Place, standing

LONG = 1_000  # a column at least this wide takes several texts
SEVERAL = 14
# Signed, hashed or counted by the program itself, or words of its own lists.
OURS = frozenset({"audit_entry", "job", "stamp", "erasure", "text_of_decision"})
# Of records and terms: fields of links, and of words that may be one word alone.
OF_LINKS = frozenset({"url", "uri", "website", "logo", "email", "documents_url"})
OF_WORDS = frozenset({"name", "alternate_name", "description", "city", "number", "extension", "function"})
LINKS = (
    "javascript:CANARY()",
    "JAVA\tSCRIPT:CANARY()",
    "data:text/html,<script>CANARY()</script>",
    '"><img src=x onerror=CANARY()>',
    "//canary.invalid",
    'https://a.invalid/"onfocus=CANARY()//',
    "vbscript:CANARY()",
    " javascript:CANARY()",
    "a@a.invalid?bcc=b@b.invalid&body=CANARY",
)


@contextmanager
def infested(folder: Path, name: str) -> Iterator[Place]:
    """Build the community of the rules, fill it, and make its search index anew."""
    with standing(folder, name) as place:
        place.world.more["filled"] = str(len(fill()))
        with transaction():
            _in_private()
            _in_facts()
        search.rebuild()
        db.session.remove()
        yield place


def fill() -> list[str]:
    """Put hostile words wherever words are. Returns the columns that were filled."""
    words = cycle((*lists.read("markup"), *lists.read("markdown"), *lists.read("injection")))
    filled = []
    with db.engine.begin() as connection:
        for table in db.metadata.sorted_tables:
            if table.name not in OURS:
                filled += [_fill(connection, column, words) for column in _words_of(connection, table)]
    return filled


def _words_of(connection: sa.Connection, table: sa.Table) -> list[sa.Column[Any]]:
    """The columns of a table that hold words: text with a space in it, in any row."""
    found = []
    for column in table.columns:
        if not isinstance(column.type, sa.String) or column.primary_key or column.foreign_keys:
            continue
        held = sa.select(column).where(column.like("% %"), ~column.like("{%"), ~column.like("[%")).limit(1)
        if connection.scalar(held) is not None:
            found.append(column)
    return found


def _fill(connection: sa.Connection, column: sa.Column[Any], words: Iterator[str]) -> str:
    table, widest = column.table, getattr(column.type, "length", None) or LONG
    keys = list(table.primary_key.columns)
    once = any(
        column.name in rule.columns for rule in table.constraints if isinstance(rule, sa.UniqueConstraint)
    )
    for number, row in enumerate(connection.execute(sa.select(*keys).where(column.is_not(None))).all()):
        several = SEVERAL if widest >= LONG else 1
        said = "\n\n".join(next(words).replace("\0", "") for _ in range(several))
        said = text.render(said) if column.name.endswith("html") else said[:widest]
        said = f"{number}{said}"[:widest] if once else said
        here = sa.and_(*(key == value for key, value in zip(keys, row, strict=True)))
        connection.execute(sa.update(table).where(here).values({column.name: said}))
    return f"{table.name}.{column.name}"


def _in_facts() -> None:
    """What stands in fields of records and terms, each of them; what readers are given is written anew."""
    prose, links = cycle((*lists.read("markup"), *lists.read("injection"))), cycle(LINKS)
    for record in db.session.scalars(sa.select(Record)):
        record.data = json.dumps(_hostile(json.loads(record.data), prose, links), ensure_ascii=False)
        runs.mark({(record.kind, record.id)})
    for row in db.session.scalars(sa.select(Correction).where(Correction.said != "[]")):
        row.said = json.dumps(_hostile(json.loads(row.said), prose, links), ensure_ascii=False)
    for one in db.session.scalars(sa.select(Arrangement)):
        one.terms = _hostile(one.terms, prose, links)
    for entry in db.session.scalars(sa.select(PrivacyRecord)):
        entry.points = _hostile(entry.points, prose, links)
    db.session.flush()
    while documents.write_up():
        pass
    listing.write(list(db.session.scalars(sa.select(Document.id).where(Document.kind == "service"))))


def _hostile(value: Any, prose: Iterator[str], links: Iterator[str], name: str = "") -> Any:
    """The same facts with every text and every link an attacker's; ids, codes, days and numbers stay."""
    if isinstance(value, dict):
        return {key: _hostile(one, prose, links, key) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_hostile(one, prose, links, name) for one in value]
    if not isinstance(value, str) or not value:
        return value
    if name in OF_LINKS or value.startswith("http"):
        return next(links)
    return next(prose).replace("\0", "") if " " in value or name in OF_WORDS else value


def _in_private() -> None:
    """What lies sealed is filled under its seal."""
    for message in db.session.scalars(sa.select(Message)):
        message.sealed = sealed_words(message, "\n\n".join(lists.read("markup")[:40]))
