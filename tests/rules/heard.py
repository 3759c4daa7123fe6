"""A page as somebody hears it: its headings, the names of what can be pressed, the words around them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Set
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import html5lib

# Where a name does not tell two apart, the text of the nearest of these does: a row, else a paragraph.
AROUND = (frozenset({"li", "tr"}), frozenset({"p", "dd"}))
REFERENCES = ("aria-describedby", "aria-labelledby", "aria-controls", "for")
SAID = ("aria-label", "title", "placeholder", "alt")
# Made anew for every form, so that they tell none from another.
OF_EVERY_FORM = frozenset({"csrf_token", "idem"})


@dataclass
class Heard:
    """One page.

    ``parents`` leads from each element to what it stands in, ``ids`` from an id to all that bear it.
    """

    root: Any
    address: str
    parents: dict[Any, Any] = field(default_factory=dict)
    ids: dict[str, list[Any]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, page: str, address: str) -> Heard:
        """Read the page that was answered at this address."""
        heard = cls(html5lib.parse(page, namespaceHTMLElements=False), address)
        for element in heard.root.iter():
            heard.parents.update(dict.fromkeys(element, element))
            if element.get("id"):
                heard.ids[element.get("id")].append(element)
        return heard

    def headings(self) -> list[tuple[int, str]]:
        """The level and the words of each heading, in order."""
        found = (one for one in self.root.iter() if re.fullmatch("h[1-6]", str(one.tag)))
        return [(int(one.tag[1]), words(one)) for one in found]

    def dangling(self) -> Iterator[str]:
        """What an element says of another one that is not there."""
        for element in self.root.iter():
            for name in REFERENCES:
                for id in (element.get(name) or "").split():
                    if id not in self.ids:
                        yield f"{name}={id} of {words(element)[:40]!r} is nowhere"

    def alike(self) -> Iterator[str]:
        """Links and buttons that nobody tells apart: the same name, the same words around, another target."""
        found: dict[tuple[str, str, str], set[Any]] = defaultdict(set)
        for element in self.root.iter():
            if target := self._target(element):
                found[element.tag, self.name(element).lower(), self._about(element)].add(target)
        for (tag, name, _), targets in found.items():
            if not name:
                yield f"{tag} without a name: {targets}"
            if len(targets) > 1:
                yield f"{tag} {name[:60]!r} leads to {len(targets)} places: {sorted(map(str, targets))[:3]}"

    def name(self, element: Any) -> str:
        """What a screen reader calls it."""
        return self._of_ids(element, "aria-labelledby") or words(element)

    def texts(self, lang: str) -> Iterator[str]:
        """Each text of the site in that language: what members wrote and what is marked is left out."""
        for element in self._own(self.root, lang):
            yield from (element.get(name) for name in SAID if element.get(name))
            yield from (element.text or "", *(child.tail or "" for child in element))

    def _own(self, element: Any, lang: str) -> Iterator[Any]:
        written = "prose" in (element.get("class") or "").split() or element.get("translate") == "no"
        if (
            written
            or not str(element.get("lang") or lang).startswith(lang)
            or element.tag in {"script", "style"}
        ):
            return
        yield element
        for child in element:
            if isinstance(child.tag, str):
                yield from self._own(child, lang)

    def _target(self, element: Any) -> Any:
        """Where a link leads, and what a button sends: "" for anything else."""
        if element.tag == "a" and element.get("href"):
            where = urljoin(self.address, element.get("href"))
            return where.partition("?")[0] if "/sign-in?next=" in where else where
        form = self._above(element, {"form"})
        if element.tag != "button" or form is None:
            return ""
        hidden = {
            one.get("name"): one.get("value") for one in form.iter("input") if one.get("type") == "hidden"
        }
        sent = tuple(sorted((name, value) for name, value in hidden.items() if name not in OF_EVERY_FORM))
        where = element.get("formaction") or form.get("action") or self.address
        return where, sent, element.get("name"), element.get("value")

    def _about(self, element: Any) -> str:
        """What tells it from another of its name: its description, its form's name, or the words around."""
        if described := self._of_ids(element, "aria-describedby"):
            return described + (element.get("aria-describedby") or "")
        form = self._above(element, {"form"}) if element.tag == "button" else None
        if form is not None and (named := self._of_ids(form, "aria-labelledby") or form.get("aria-label")):
            return str(named)
        around = (self._above(element, tags) for tags in AROUND)
        return next((words(one) for one in around if one is not None), "")

    def _above(self, element: Any, tags: Set[str]) -> Any:
        above = self.parents.get(element)
        while above is not None and above.tag not in tags:
            above = self.parents.get(above)
        return above

    def _of_ids(self, element: Any, attribute: str) -> str:
        named = (self.ids[id][0] for id in (element.get(attribute) or "").split() if id in self.ids)
        return " ".join(words(one) for one in named)


def words(element: Any) -> str:
    """What is read out of an element: its label, else its text without what is for the eyes alone."""
    return " ".join(_words(element).split())


def _words(element: Any) -> str:
    if element.get("aria-hidden") == "true":
        return ""
    if said := element.get("aria-label") or element.get("alt"):
        return str(said)
    inside = ((_words(child) if isinstance(child.tag, str) else "") + (child.tail or "") for child in element)
    return (
        (element.text or "") + "".join(inside) + (" " if element.tag in {"br", "p", "li", "dt", "dd"} else "")
    )
