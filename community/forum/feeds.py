"""Atom feeds (RFC 4287) of what everyone may read. Pure: entries in, bytes out."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.etree.ElementTree import Element, SubElement, tostring

from community.core.i18n import zone

_NOT_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
ATOM = "http://www.w3.org/2005/Atom"


@dataclass(frozen=True)
class Entry:
    """One topic in a feed."""

    address: str
    title: str
    lang: str
    author: str
    summary: str  # plain words; of a folded text, only its note
    published: datetime
    updated: datetime


def coarse(at: datetime, protected: bool) -> datetime:
    """The moment that a feed tells: the quarter of the hour, as whoever wrote last may have a protected
    name; of what was asked under one, the day, where the site is: another would tell the evening."""
    if protected:
        return at.astimezone(zone()).replace(hour=0, minute=0, second=0, microsecond=0)
    return at.replace(minute=at.minute - at.minute % 15, second=0, microsecond=0)


def atom(title: str, lang: str, page: str, address: str, entries: Iterable[Entry]) -> bytes:
    """A feed: the newest entry first, each with its address as its id.

    :param page: the page it follows. :param address: its own.
    """
    entries = list(entries)
    feed = Element("feed", {"xmlns": ATOM, "xml:lang": lang})
    _words(feed, title=_clean(title), id=address)
    SubElement(feed, "link", rel="self", type="application/atom+xml", href=address)
    SubElement(feed, "link", rel="alternate", type="text/html", href=page)
    newest = max((entry.updated for entry in entries), default=None)
    # A feed must say when it last changed: an empty one, at the start of the calendar it uses.
    _words(feed, updated=newest.isoformat(timespec="seconds") if newest else "1970-01-01T00:00:00+00:00")
    for entry in entries:
        _add(feed, entry)
    made: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return made


def _add(feed: Element, entry: Entry) -> None:
    node = SubElement(feed, "entry", {"xml:lang": entry.lang})
    _words(
        node,
        title=_clean(entry.title),
        id=entry.address,
        published=entry.published.isoformat(timespec="seconds"),
        updated=entry.updated.isoformat(timespec="seconds"),
        summary=_clean(entry.summary),
    )
    SubElement(node, "link", rel="alternate", type="text/html", href=entry.address)
    SubElement(SubElement(node, "author"), "name").text = _clean(entry.author)


def _words(node: Element, **words: str) -> None:
    for name, text in words.items():
        SubElement(node, name).text = text


def _clean(text: str) -> str:
    """Without the characters that XML 1.0 cannot hold: one of them, and no reader takes the feed."""
    return _NOT_XML.sub("", text)
