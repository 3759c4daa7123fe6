"""Contrast, measured once for each pair of colours: what looks the same on two pages is the same on both.

Of all that axe looks at this takes longest: it asks for each text what lies behind it. Whether that is enough
depends on nothing but the colour, size and weight of the text and on what its ancestors paint behind it. Text
that has all of these in common with a text that was measured before, on whichever page, in whichever language
and width, is therefore not measured again. Where something else lies over or under a text axe says that it
cannot tell, here as before.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from playwright.sync_api import Page

# Gives each element with words of its own (or a field, with those in it) a number for how it is painted,
# keeps those elements by it, and returns the numbers. A class is part of it, for axe names it in a fault.
_LOOKS = """
() => {
  const hash = (text) => {
    let a = 0xdeadbeef, b = 0x41c6ce57;
    for (let i = 0; i < text.length; i++) {
      a = Math.imul(a ^ text.charCodeAt(i), 2654435761);
      b = Math.imul(b ^ text.charCodeAt(i), 1597334677);
    }
    return (4294967296 * (2097151 & (b ^ (b >>> 16))) + ((a ^ (a >>> 13)) >>> 0)).toString(36);
  };
  const behind = new Map();
  const painted = (element) => {
    if (!element) return "";
    if (behind.has(element)) return behind.get(element);
    const style = getComputedStyle(element);
    const own = style.backgroundColor + style.backgroundImage + style.opacity + style.filter
      + style.mixBlendMode + (style.position === "static" ? "" : style.position);
    const above = painted(element.parentElement);
    const all = own === "rgba(0, 0, 0, 0)none1nonenormal" ? above : hash(above + own);
    behind.set(element, all);
    return all;
  };
  window.looks = new Map();
  for (const element of document.body.querySelectorAll("*")) {
    const says = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!says && !element.matches("input:not([type=hidden]), select, textarea")) continue;
    const style = getComputedStyle(element);
    const state = element.matches(":disabled, [aria-disabled=true]")
      || element.closest("label")?.control?.disabled;
    const look = hash([element.tagName, element.className, style.color, style.fontSize, style.fontWeight,
      style.textShadow, style.webkitTextStrokeColor, style.visibility, Boolean(state),
      painted(element)].join("|"));
    if (element.checkVisibility()) looks.set(look, [...(looks.get(look) ?? []), element]);
  }
  return [...looks.keys()];
}
"""
# Marks the first two of each of these numbers, as those whose contrast axe is to measure.
_MARK = """
(fresh) => {
  for (const look of fresh) for (const one of looks.get(look).slice(0, 2)) one.dataset.unmeasured = "";
  axe.configure({ rules: [{ id: "color-contrast", selector: "[data-unmeasured]" }] });
}
"""
# Undoes it, and returns those of which axe could not tell: they are to be measured where it can.
_UNTOLD = """
(fresh) => {
  axe.configure({ rules: [{ id: "color-contrast", selector: "*" }] });
  return fresh.filter((look) => looks.get(look).some((one) => untold.has(one)));
}
"""


@dataclass
class Measured:
    """The looks of text whose contrast was measured on some page."""

    looks: set[str] = field(default_factory=set)
    _fresh: list[str] = field(default_factory=list)

    def begin(self, page: Page) -> None:
        """Let axe, which is in the page, measure only what looks like nothing before."""
        self._fresh = [look for look in page.evaluate(_LOOKS) if look not in self.looks]
        page.evaluate(_MARK, self._fresh)

    def end(self, page: Page) -> None:
        """Remember what axe measured, but for what it could not."""
        self.looks.update(self._fresh)
        self.looks.difference_update(page.evaluate(_UNTOLD, self._fresh))
