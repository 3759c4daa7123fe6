"""How much the guard finds of posts that people labelled: what the page about it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from community.core.identifiers import KINDS, scan

LANGUAGES = ("fr", "en")


@dataclass
class Figures:
    """Counts over labelled posts, each for a language."""

    posts: Counter[str] = field(default_factory=Counter)
    clean: Counter[str] = field(default_factory=Counter)
    clean_blocked: Counter[str] = field(default_factory=Counter)
    clean_warned: Counter[str] = field(default_factory=Counter)
    labelled: Counter[tuple[str, str]] = field(default_factory=Counter)  # (language, kind)
    found: Counter[tuple[str, str]] = field(default_factory=Counter)
    hidden: Counter[str] = field(default_factory=Counter)  # numbers written to be overlooked
    hidden_found: Counter[str] = field(default_factory=Counter)
    alarms: Counter[tuple[str, str]] = field(default_factory=Counter)  # findings in clean posts

    def as_values(self) -> dict[str, Any]:
        """Plain values: by language, then by kind."""
        return {
            lang: {
                "posts": self.posts[lang],
                "clean": self.clean[lang],
                "clean_blocked": self.clean_blocked[lang],
                "clean_warned": self.clean_warned[lang],
                "hidden": self.hidden[lang],
                "hidden_found": self.hidden_found[lang],
                "kinds": {
                    kind: {
                        "labelled": self.labelled[lang, kind],
                        "found": self.found[lang, kind],
                        "alarms": self.alarms[lang, kind],
                    }
                    for kind in KINDS
                },
            }
            for lang in LANGUAGES
        }


def measure(posts: Iterable[Mapping[str, Any]]) -> Figures:
    """Look at posts of ``{"text", "lang", "findings": [{"kind", "start", "end", "hidden"?}]}``."""
    figures = Figures()
    for post in posts:
        _look(post, figures)
    return figures


def _look(post: Mapping[str, Any], figures: Figures) -> None:
    lang, labels = post["lang"], post["findings"]
    result = scan(post["text"])
    figures.posts[lang] += 1
    if not labels:
        figures.clean[lang] += 1
        figures.clean_blocked[lang] += result.level == "block"
        figures.clean_warned[lang] += result.level == "warn"
        figures.alarms.update((lang, one.kind) for one in result.findings)
    for label in labels:
        overlaps = any(
            one.kind == label["kind"] and one.start < label["end"] and label["start"] < one.end
            for one in result.findings
        )
        figures.labelled[lang, label["kind"]] += 1
        figures.found[lang, label["kind"]] += overlaps
        if label.get("hidden"):
            figures.hidden[lang] += 1
            figures.hidden_found[lang] += overlaps
