"""Where a statement comes from: a DOI, a PubMed id, a guideline, a web address. Pure functions.

Nothing is fetched: a source is recognized by its form and given the address where it is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote, urlsplit

LONGEST = 300  # characters of a reference or of its label
MOST = 10  # sources of one text

# Crossref's recommended pattern: it matches all but a handful of DOIs of the first years.
_DOI = re.compile(r"10\.\d{4,9}/[-._;()/:a-z0-9<>+]+", re.IGNORECASE)
_DOI_PREFIX = re.compile(r"^(?:https?://)?(?:(?:dx\.|www\.)?doi\.org/|doi:?\s*)", re.IGNORECASE)
_PUBMED = re.compile(
    r"^(?:(?:https?://)?(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/|pmid:?\s*)?"
    r"0*([1-9]\d{0,8})/?$",
    re.IGNORECASE,
)


class NotASource(ValueError):
    """The reference does not have the form of its kind; ``args[0]`` is that kind."""


@dataclass(frozen=True)
class Citation:
    """One source: its kind, the reference in its plain form, and what readers are shown."""

    kind: str  # doi, pubmed, guideline, url
    ref: str
    label: str = ""

    @property
    def link(self) -> str:
        """The address where the source is read; empty when there is none."""
        return link(self.kind, self.ref)

    @property
    def words(self) -> str:
        """What stands on the page: the label, else the reference with its kind."""
        if self.label:
            return self.label
        return {"doi": f"doi:{self.ref}", "pubmed": f"PMID {self.ref}"}.get(self.kind, self.ref)


def link(kind: str, ref: str) -> str:
    """The address of a reference of this kind; empty for a guideline without one."""
    if kind == "doi":
        return "https://doi.org/" + quote(ref, safe="/:;().-_+")
    if kind == "pubmed":
        return f"https://pubmed.ncbi.nlm.nih.gov/{ref}/"
    return ref if _is_address(ref) else ""


class Cited(Protocol):
    """A source, typed or stored."""

    @property
    def kind(self) -> str:
        """One of the four kinds."""

    @property
    def ref(self) -> str:
        """The reference in its plain form."""

    @property
    def label(self) -> str:
        """What readers are shown instead, or nothing."""


def typed_words(sources: Iterable[Cited]) -> str:
    """What somebody could write into sources beside numbers of a known form: it is looked at as texts are."""
    free = ((one.ref if one.kind in {"guideline", "url"} else "", one.label) for one in sources)
    return "\n".join(part for parts in free for part in parts if part)


def cite(kind: str, ref: str, label: str = "") -> Citation:
    """Make a source of what a person typed.

    :raises NotASource: the reference does not have the form of its kind, or is too long.
    """
    ref, label = " ".join(ref.split()), " ".join(label.split())
    if len(ref) > LONGEST or len(label) > LONGEST:
        raise NotASource(kind)
    readers: dict[str, Callable[[str], str]]
    readers = {"doi": _doi, "pubmed": _pubmed, "url": _url, "guideline": str}
    if kind not in readers:
        raise NotASource(kind)
    plain = readers[kind](ref)
    if not plain and not (kind == "guideline" and label):
        raise NotASource(kind)
    return Citation(kind, plain, label)


def recognize(text: str) -> Citation | None:
    """The source that a pasted text is, by its form alone; None when it is only words.

    A bare number is not taken for a PubMed id: it must say so.
    """
    text = " ".join(text.split())
    readers: dict[str, Callable[[str], str]] = {"doi": _doi, "pubmed": _said_pubmed, "url": _url}
    for kind, reader in readers.items():
        if plain := reader(text):
            return Citation(kind, plain)
    return None


def _doi(text: str) -> str:
    bare = _DOI_PREFIX.sub("", text).strip().rstrip(".,;")
    return bare.lower() if _DOI.fullmatch(bare) else ""


def _pubmed(text: str) -> str:
    found = _PUBMED.match(text)
    return found.group(1) if found else ""


def _said_pubmed(text: str) -> str:
    return "" if text.isdigit() else _pubmed(text)


def _url(text: str) -> str:
    return text if _is_address(text) else ""


def _is_address(text: str) -> bool:
    if any(character.isspace() or ord(character) < 32 for character in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username
    except ValueError:
        return False
