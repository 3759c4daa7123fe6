"""The lists of what attackers send (``payloads/``), written by us, and texts without end for a parser."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).with_name("payloads")
LONGEST = 20_000
_ESCAPE = re.compile(r"\\(?:([nrt0\\])|x([0-9a-f]{2})|u([0-9a-f]{4})|U([0-9a-f]{8}))")
_SHORT = {"n": "\n", "r": "\r", "t": "\t", "0": "\0", "\\": "\\"}


@cache
def read(name: str) -> tuple[str, ...]:
    """One list: a line each, without its remarks, with what stands for what cannot be written put in."""
    lines = (FOLDER / f"{name}.txt").read_text("utf-8").split("\n")
    return tuple(_ESCAPE.sub(_put_in, line) for line in lines if line and not line.startswith("# "))


def _put_in(found: re.Match[str]) -> str:
    short, *codes = found.groups()
    return _SHORT[short] if short else chr(int(next(code for code in codes if code), 16))


def _filled(length: int, *parts: str) -> list[str]:
    return [(part * (length // len(part) + 1))[:length] for part in parts]


@cache
def endless(length: int = LONGEST) -> tuple[str, ...]:
    """Texts of this length, each one thing over and over, nested, or opened and never closed."""
    again = _filled(
        length,
        *("[", "![", "[]", "[a](", "[a][", "[a]: b\n", "[a](<b", "[a](b 'c", "](", "]", "(", ")"),
        *("*", "**", "_", "__a_ ", "*a_ ", "*a **b ", "_*", "~~", "~~a ", "a*b_c", "**x [a*b**c*](d)"),
        *("`", "`a``", "``a`", "~~~\n", "```\n", "\\", "\\`", "&", "&#", "&#x", "&amp", "&amp;"),
        *("<", "<a", "<a ", "<!--", "<![CDATA[", "<?", "</", "<a href='", "<https://a", "<a@b.c", "<>"),
        *(">", "> ", "> - ", "- ", "1. ", "* - + ", "- a\n\n", "> a\n", "#", "# a\n", "=\n", "a\n=\n", "-\n"),
        *("|a", "|a|\n|-|\n", "a|", "|-", "|:-:", "|\n", "a\n|-\n", "\t", " ", "\n", "\u00a0", "a\u0301"),
        *("[a]: <b>\n\n[a]", "[\\", "[[]", "[a](b)", "![a](b)", "'\"", "http://", "www.", "@a", "\x01"),
        *("a", "a ", "\u202e", "\U0001f3f4\U000e0067"),
    )
    deep = [
        "\n".join("  " * depth + "- a" for depth in range(140)),
        "\n".join(">" * depth + " a" for depth in range(190)),
        "".join("`" * n + "a" for n in range(190)),
    ]
    return (*again, *(text[:length] for text in deep))


@cache
def worst() -> tuple[str, ...]:
    """Texts of the greatest length that cost most, each of its own kind."""
    return (
        "| a " * 900 + "|\n" + "|---" * 900 + "|\n" + "| b |\n" * 1_800,
        ("|a|\n|-|\n" * 3_400)[:LONGEST],
        ("[" * 9_900 + "a" + "](b)" * 2_500)[:LONGEST],
        "".join(f"[{n}]: x\n" for n in range(1_500)) + "[a]" * 1_000,
        ("**x [a*b**c*](d)" * 1_300)[:LONGEST],
    )
