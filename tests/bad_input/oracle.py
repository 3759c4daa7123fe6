"""Reads what the site gives out as a browser would, and says what in it should not be there.

Two readers. :func:`alive_in_text` takes the HTML made of what people write, which stands in pages as it is:
a tree as HTML5 builds it, in which every element, attribute and kind of address is one of a list.
:func:`alive_in_page` takes a whole page, which escapes everything else: an element, an attribute or an
address of the payload lists that became part of it is found by its name, whatever the page is made of.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import html5lib

from community.core import text

_SKELETON = frozenset({"html", "head", "body"})
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_EDGES = "".join(map(chr, range(0x21)))
# Where a browser goes, or what it fetches, by itself or when something is pressed.
GOES = frozenset({"href", "action", "formaction", "xlink:href", "ping", "cite", "longdesc", "manifest"})
FETCHES = frozenset({"src", "srcset", "poster", "background", "data", "icon", "code", "classid", "archive"})
# What pages of ours consist of has no place for any of these.
NEVER = frozenset(
    {"iframe", "frame", "frameset", "object", "embed", "applet", "base", "style", "marquee", "keygen"}
    | {"math", "foreignobject", "animate", "audio", "video", "xss", "x-canary", "image", "xml", "slot"}
)


def scheme_of(address: str) -> str:
    """The scheme as the URL standard reads it: edges of control characters and spaces go, and tabs and ends
    of lines anywhere. Other control characters stay, as browsers leave them."""
    plain = address.strip(_EDGES).replace("\t", "").replace("\n", "").replace("\r", "")
    found = _SCHEME.match(plain)
    return found[1].lower() if found else ""


def alive_in_text(html: str) -> list[str]:
    """What an HTML5 reader finds in the HTML of a text beyond the lists of ``core.text``."""
    found = []
    for node in html5lib.parse(html, treebuilder="etree", namespaceHTMLElements=False).iter():
        tag = str(node.tag)  # a comment's tag is a function, which no list holds
        if tag not in text.TAGS | _SKELETON:
            found.append(f"<{tag}>")
        allowed = text.ATTRIBUTES.get(tag, [])
        found += [f"{tag}@{name}" for name in node.attrib if name not in allowed]
        if scheme_of(node.attrib.get("href", "")) not in text.SCHEMES | {""}:
            found.append(node.attrib["href"])
    return found


def alive_in_letter(letter: str) -> list[str]:
    """The same of a letter, whose own style stands in its head and loads nothing."""
    own = re.search(r"<style>([^<]*)</style>\s*</head>", letter)
    if own is None or re.search(r"url\(|@import|expression|\\", own[1], re.IGNORECASE):
        return ["<style>"]
    return alive_in_page(letter[: own.start()] + letter[own.end() :])


class _Page(HTMLParser):
    """Notes what no page of ours has."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        held: dict[str, Any] = dict(attributes)
        if tag in NEVER or (tag == "script" and not (held.get("src") or "").startswith("/")):
            found_type = held.get("type") or ""
            if tag != "script" or found_type != "application/json":
                self.found.append(f"<{tag}>")
        if tag == "meta" and "http-equiv" in held:
            self.found.append("meta refresh")
        self.found += [f"{tag}@{name}" for name in held if _foreign(name)]
        for name, value in held.items():
            if name in GOES | FETCHES:
                self._address(tag, name, value or "")

    def _address(self, tag: str, name: str, value: str) -> None:
        scheme = scheme_of(value)
        if scheme not in text.SCHEMES | {"", "sms"}:
            self.found.append(f"{tag}@{name}={value[:60]}")
        elsewhere = bool(scheme) or value.lstrip(_EDGES).replace("\\", "/").startswith("//")
        if elsewhere and (name in FETCHES or tag in {"link", "form", "button", "input"}):
            self.found.append(f"{tag}@{name}={value[:60]}")


def _foreign(name: str) -> bool:
    return name.startswith("on") or name in {"style", "srcdoc", "ping", "nonce"} or "canary" in name


def alive_in_page(page: str) -> list[str]:
    """What of the payload lists became part of a page: elements, attributes, addresses that are fetched."""
    reader = _Page()
    reader.feed(page)
    reader.close()
    return reader.found
