"""Words of the field that mean the same, in both languages. Facts in `data/synonyms.toml`. Pure."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

from community.search.words import fold, is_stop_word, readable, stem, tokens

EQUAL = 0.7  # how much finding a synonym is worth beside finding the word itself
NARROWER = 0.45  # … a member of a class, or what a word with several meanings may stand for
MOST_TERMS = 24  # for one group of words: enough for the longest groups, bounded for any

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Synonym:
    """Words that may stand for the words `start` to `end` of what was asked."""

    start: int
    end: int
    words: Words
    weight: float


@dataclass(frozen=True, slots=True)
class _Group:
    terms: tuple[Words, ...]
    members: tuple[Words, ...]


@dataclass(slots=True)
class _Node:
    """A step of the tree of all terms, word by word."""

    next: dict[str, _Node] = field(default_factory=dict)
    equal: set[int] = field(default_factory=set)
    asks: set[int] = field(default_factory=set)


def synonyms_of(words: Sequence[str]) -> tuple[Synonym, ...]:
    """What else to look for. A phrase of several words is recognized wherever it stands in `words`.

    The words are those of `query_words`: lower case, small words left out.
    """
    tree, groups = _read()
    found: dict[tuple[int, int, Words], float] = {}
    for start in range(len(words)):
        for end, node in _phrases(tree, words, start):
            for term, weight in _terms(node, groups):
                if not _same(term, words[start:end]):
                    key = (start, end, term)
                    found[key] = max(weight, found.get(key, 0.0))
    return tuple(Synonym(*key, weight) for key, weight in found.items())


def _phrases(tree: _Node, words: Sequence[str], start: int) -> Iterator[tuple[int, _Node]]:
    """The ends of the terms that begin at `start`, with the place in the tree each one reaches."""
    nodes = [tree]
    for end in range(start, len(words)):
        forms = {_label(words[end], lang) for lang in ("en", "fr")}
        nodes = [node.next[form] for node in nodes for form in forms if form in node.next]
        for node in nodes:
            if node.equal or node.asks:
                yield end + 1, node
        if not nodes:
            return


def _terms(node: _Node, groups: Sequence[_Group]) -> list[tuple[Words, float]]:
    equal = [(term, EQUAL) for n in sorted(node.equal) for term in groups[n].terms]
    narrower = [(term, NARROWER) for n in sorted(node.equal) for term in groups[n].members]
    possible = [(term, NARROWER) for n in sorted(node.asks) for term in groups[n].terms]
    return [*equal, *possible, *narrower][:MOST_TERMS]


def _same(term: Words, asked: Sequence[str]) -> bool:
    return [fold(word) for word in term] == [fold(word) for word in asked]


@cache
def _read() -> tuple[_Node, tuple[_Group, ...]]:
    text = resources.files("community.search").joinpath("data/synonyms.toml").read_text("utf-8")
    tree, groups = _Node(), []
    for number, row in enumerate(tomllib.loads(text)["group"]):
        groups.append(_group(row))
        for key, lang in (("both", ""), ("en", "en"), ("fr", "fr"), ("street", "")):
            for term in row.get(key, ()):
                for node in _places(tree, term, lang):
                    node.equal.add(number)
        for term in row.get("asked_as", ()):
            for node in _places(tree, term, ""):
                node.asks.add(number)
    return tree, tuple(groups)


def _group(row: Mapping[str, Sequence[str]]) -> _Group:
    terms = [term for key in ("both", "en", "fr", "street") for term in row.get(key, ())]
    return _Group(
        terms=tuple(dict.fromkeys(_words(term) for term in terms)),
        members=tuple(dict.fromkeys(_words(term) for term in row.get("members", ()))),
    )


def _words(term: str) -> Words:
    """The words of a term that are looked up. Parts held by a hyphen are looked up one by one."""
    every = [token.word for token in tokens(readable(term))]
    return tuple(word for word in every if not is_stop_word(word)) or tuple(every)


def _label(word: str, lang: str) -> str:
    """What a word is compared by: its stem as typed without accents, which keep a mute e apart."""
    return stem(fold(word), lang).rstrip("e")


def _places(tree: _Node, term: str, lang: str) -> list[_Node]:
    """Where the term ends in the tree, grown as needed; one place a language if it has none.

    Terms are compared without accents, as many people type them.
    """
    places = []
    for spoken in (lang,) if lang else ("en", "fr"):
        node = tree
        for word in _words(term):
            node = node.next.setdefault(_label(word, spoken), _Node())
        places.append(node)
    return places
