"""What is asked of every page, whoever sees it: accessible, whole at 320 px, in one language."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import product
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

from community.core.language import propose_language
from ground.catalogue import merged, read_all
from tests.journeys.contrast import Measured
from tests.journeys.words import Lang

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDTHS = (320, 390, 1280)
THEMES = ("light", "dark")
# A text this long in the wrong language and not marked as such would be read out with the wrong voice.
ENOUGH_TO_TELL = 90

# Every text a person meets: words of the page, names for screen readers, hints in fields. What is
# marked as being in another language is left out; so is what somebody of the community wrote.
_TEXTS = """
(lang) => {
  const texts = [];
  const foreign = (element) => {
    const marked = element.closest("[lang]");
    return (marked && marked.getAttribute("lang").slice(0, 2) !== lang) || element.closest("[translate=no]");
  };
  const both = NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT;
  const walker = document.createTreeWalker(document.documentElement, both);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.TEXT_NODE) {
      const around = node.parentElement;
      if (node.textContent.trim() && !around.closest("script, style") && !foreign(around))
        texts.push([node.textContent, around.closest(".prose") ? "written" : "said"]);
      continue;
    }
    for (const name of ["aria-label", "title", "placeholder", "alt", "content", "data-saved", "data-failed"])
      if (node.hasAttribute(name) && !foreign(node)) texts.push([node.getAttribute(name), "said"]);
  }
  return texts;
}
"""

# Each thing that takes focus, and whether any of five points of it can be seen once it has it.
_COVERED = """
() => {
  const covered = [];
  const sel = "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']";
  for (const element of document.querySelectorAll(sel)) {
    if (element.disabled || !element.checkVisibility({ visibilityProperty: true })) continue;
    element.focus();
    if (document.activeElement !== element) continue;
    const box = element.getBoundingClientRect();
    const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
    const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
    const points = [[.5, .5], [.1, .2], [.9, .2], [.1, .8], [.9, .8]].map(
      ([x, y]) => document.elementFromPoint(left + x * (right - left), top + y * (bottom - top)));
    const own = (hit) => hit && (element.contains(hit) || hit.contains(element) && !hit.matches("html, body")
      || [...(element.labels ?? [])].some((label) => label.contains(hit)));
    const words = (element.innerText || element.name || "").trim().slice(0, 50);
    if (!points.some(own)) covered.push(`${element.tagName.toLowerCase()} "${words}"`);
  }
  scrollTo(0, 0);
  document.activeElement?.blur();
  return covered;
}
"""

_OVERFLOW = """
() => {
  const wide = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= wide) return [];
  const out = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.right > wide + 1 && box.width > 0 && !element.closest(".scroll");
  });
  return [`${document.documentElement.scrollWidth} px wide: ` +
    out.slice(0, 4).map((e) => `${e.tagName.toLowerCase()}.${e.className}`).join(", ")];
}
"""

# Text spacing of WCAG 2.2, 1.4.12, as a reader's own style sheet asks for it, and how it is taken off again.
_SPACING = """
(on) => {
  if (!on) { document.adoptedStyleSheets = []; return; }
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; " +
    "word-spacing: .16em !important } p { margin-bottom: 2em !important }");
  document.adoptedStyleSheets = [sheet];
}
"""


@dataclass(frozen=True)
class Sight:
    """One way to look at a page."""

    width: int
    theme: str

    def __str__(self) -> str:
        return f"{self.width} px {self.theme}"


EVERY_SIGHT = tuple(Sight(width, theme) for width, theme in product(WIDTHS, THEMES))


# Only what is told of it leaves the page: a thousand elements that are well are not written out.
_AXE = """
async (tags) => {
  const found = await axe.run({ runOnly: { type: "tag", values: tags },
    resultTypes: ["violations", "incomplete"], elementRef: true });
  const contrast = found.incomplete.find((rule) => rule.id === "color-contrast");
  window.untold = new Set((contrast?.nodes ?? []).map((node) => node.element));
  const three = (rule) => rule.nodes.slice(0, 3).map((node) => node.html);
  return found.violations.map((rule) => [rule.id, rule.help, three(rule)]);
}
"""


def faults_of(page: Page, lang: Lang, sights: Sequence[Sight] = EVERY_SIGHT) -> list[str]:
    """Everything wrong with the page that is open, each with where it was seen; the window is as before."""
    before = page.viewport_size
    faults = list(wrong_language(page, lang))
    for sight in sights:
        look(page, sight)
        faults += [f"{sight}: {fault}" for fault in _seen(page, sight)]
    page.emulate_media(color_scheme="light")
    if before:
        page.set_viewport_size(before)
    return faults


def faults_as_it_stands(page: Page, lang: Lang, sight: Sight, measured: Measured) -> list[str]:
    """Everything wrong with the page that is open, in a window that has that width and theme already.

    :param measured: the looks of text whose contrast needs no measuring any more; it grows.
    """
    return [*wrong_language(page, lang), *(f"{sight}: {fault}" for fault in _seen(page, sight, measured))]


def look(page: Page, sight: Sight) -> None:
    """Give the window that width and that theme, without asking the site again."""
    page.emulate_media(color_scheme="dark" if sight.theme == "dark" else "light")
    page.set_viewport_size({"width": sight.width, "height": 844 if sight.width < 700 else 900})


def show_whole(page: Page, sight: Sight) -> None:
    """Make the window as high as the page, so that what sticks to its foot is at the foot of the picture."""
    height = page.evaluate("document.documentElement.scrollHeight")
    page.set_viewport_size({"width": sight.width, "height": min(max(height, 600), 16_000)})


def violations(page: Page, measured: Measured | None = None) -> list[str]:
    """What axe finds: the rule, and the first elements that break it."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(f"{AXE_SCRIPT};0")
    if measured is not None:
        measured.begin(page)
    found: list[tuple[str, str, list[str]]] = page.evaluate(_AXE, RULES)
    if measured is not None:
        measured.end(page)
    return [f"axe {rule}: {said}: " + "; ".join(one[:160] for one in where) for rule, said, where in found]


def wrong_language(page: Page, lang: Lang) -> Iterator[str]:
    """Sentences of the interface in the other language, and long texts that are not marked as such."""
    other = sentences("en" if lang == "fr" else "fr")
    for raw, kind in page.evaluate(_TEXTS, lang):
        text = " ".join(raw.split())
        if kind == "said" and other(text):
            yield f"not in {lang}: {text!r}"
        elif _is_told(text) and _language(text) not in {lang, None}:
            yield f"in another language without saying so: {text[:90]!r}"


@lru_cache(10_000)
def _language(text: str) -> str | None:
    return propose_language(text)


def _is_told(text: str) -> bool:
    """Whether a text is long enough to tell, and does not quote somebody who wrote in the other language."""
    return len(text) >= ENOUGH_TO_TELL and not re.search(r" (a écrit\s:|wrote:)", text)


def _seen(page: Page, sight: Sight, measured: Measured | None = None) -> Iterator[str]:
    yield from violations(page, measured)
    yield from (f"overflows: {fault}" for fault in page.evaluate(_OVERFLOW))
    yield from (f"overflows once text is spaced: {fault}" for fault in _overflow_when_spaced(page))
    if sight.theme == "light":
        yield from (f"hidden when focused: {fault}" for fault in page.evaluate(_COVERED))


def _overflow_when_spaced(page: Page) -> list[str]:
    """What leaves the window for a reader whose own style sheet spaces lines, words and letters."""
    page.evaluate(_SPACING, True)
    try:
        return list(page.evaluate(_OVERFLOW))
    finally:
        page.evaluate(_SPACING, False)


class _Sentences:
    """The sentences of one language that the other language says differently."""

    def __init__(self, lang: Lang) -> None:
        plain, patterns = set(), []
        for sentence in _said_differently(lang):
            text = " ".join(sentence.split())
            if "%(" in text:
                patterns.append(_pattern(text))
            else:
                plain.add(text.replace("%%", "%"))
        self._plain = plain
        self._patterns = [pattern for pattern in patterns if pattern is not None]

        # The frame of each page says the same as that of the page before.
        self._known: dict[str, bool] = {}

    def __call__(self, text: str) -> bool:
        if text not in self._known:
            self._known[text] = text in self._plain or any(one.fullmatch(text) for one in self._patterns)
        return self._known[text]


@cache
def sentences(lang: Lang) -> _Sentences:
    return _Sentences(lang)


def _said_differently(lang: Lang) -> Iterator[str]:
    english, french = set(), set()
    for message in merged(read_all()):
        if message.id:
            english.update(_forms(message.id))
            french.update(_forms(message.string))
    return iter((english - french) if lang == "en" else (french - english))


def _forms(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else [form for form in said if form]


def _pattern(text: str) -> re.Pattern[str] | None:
    """A sentence with places in it; None when too little of it stands still to be recognized."""
    parts = re.split(r"%\(\w+\)[a-z]", text)
    if sum(len(re.findall(r"\w{3,}", part)) for part in parts) < 2:
        return None
    return re.compile(".{1,120}?".join(re.escape(part.replace("%%", "%")) for part in parts))
