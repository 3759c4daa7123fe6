"""The known words of a Whoosh index, for its spelling: a small SQLite file beside it.

Whoosh would have to carry some ten keys a word through every merge. Words are added as they come: one
that stands in no visible text any more is not suggested, and goes when a passage is taken out of a text.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from community.search.spelling import asked_keys, near_keys

_TABLE = "CREATE TABLE IF NOT EXISTS near (key TEXT, word TEXT, PRIMARY KEY (key, word)) WITHOUT ROWID"
_AT_ONCE = 500  # variables of one statement


class Wordbook:
    """Words by what they roughly sound like."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, words: Iterable[str]) -> None:
        """Know these words, too."""
        with self._open() as book, book:
            book.execute(_TABLE)
            known = ((key, word) for word in words for key in near_keys(word))
            book.executemany("INSERT OR IGNORE INTO near VALUES (?, ?)", known)

    def keep(self, stands: Callable[[str], bool]) -> None:
        """Forget the words that stand nowhere any more, also in what the file has left over."""
        if not self.path.exists():
            return
        with self._open() as book, book:
            book.execute("PRAGMA secure_delete=ON")
            words = [word for (word,) in book.execute("SELECT DISTINCT word FROM near")]
            gone = [(word,) for word in words if not stands(word)]
            book.executemany("DELETE FROM near WHERE word = ?", gone)

    def near(self, word: str) -> set[str]:
        """The words that this one may be a misspelling of."""
        if not self.path.exists():
            return set()
        keys = sorted(asked_keys(word))
        with self._open() as book:
            return {
                found
                for start in range(0, len(keys), _AT_ONCE)
                for (found,) in book.execute(*_words_under(keys[start : start + _AT_ONCE]))
            }

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self.path, timeout=10)) as book:
            yield book


def _words_under(keys: list[str]) -> tuple[str, list[str]]:
    places = ",".join("?" * len(keys))
    return f"SELECT word FROM near WHERE key IN ({places})", keys  # noqa: S608 - question marks only
