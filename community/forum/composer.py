"""What happens between a text being typed and being a post: quotes, mentions, language. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable

from community.core.language import propose_language

LONGEST_QUOTE = 1_500  # characters of a text taken over by "quote"
MOST_MENTIONS = 10
_LONGEST_NAME_IN_WORDS = 5
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_QUOTED = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_AT = re.compile(r"(?<![\w@/.])@(?=(\S.{0,80}))")


def quoted(markdown: str, said: str) -> str:
    """A text as a Markdown quotation, under a line that says who wrote it; room for a reply below.

    :param said: "Dr. Imogen Vale wrote:", in the language of the page.
    """
    lines = _without_quotes(markdown).strip()
    if len(lines) > LONGEST_QUOTE:
        lines = lines[:LONGEST_QUOTE].rsplit(" ", 1)[0] + " …"
    return "\n".join(f"> {line}".rstrip() for line in [said, "", *lines.split("\n")]) + "\n\n"


def _without_quotes(markdown: str) -> str:
    """What the author said, without what they quoted: quotes of quotes tell nothing."""
    return re.sub(r"\n{3,}", "\n\n", _QUOTED.sub("", markdown))


def possible_names(markdown: str) -> set[str]:
    """The names that a text may mention with ``@``: each one to five words after the sign.

    Names hold spaces, so the longest that somebody bears counts (:func:`mentioned`). What stands in a
    quotation or in code mentions nobody.
    """
    said = _QUOTED.sub("", _CODE.sub("", markdown))
    found: set[str] = set()
    for place, match in enumerate(_AT.finditer(said)):
        if place == MOST_MENTIONS:
            break
        words = match.group(1).split()[:_LONGEST_NAME_IN_WORDS]
        for length in range(1, len(words) + 1):
            name = " ".join(words[:length])
            found |= {name, name.rstrip(",;:!?)."), name.rstrip(",;:!?).") + "."}
    return found - {"", "."}


def mentioned(markdown: str, names: Iterable[str]) -> set[str]:
    """Which of these names the text mentions: at each sign, the longest."""
    said = _QUOTED.sub("", _CODE.sub("", markdown))
    longest_first = sorted(set(names), key=len, reverse=True)
    found: set[str] = set()
    for match in _AT.finditer(said):
        rest = match.group(1)
        for name in longest_first:
            after = rest[len(name) : len(name) + 1]
            if rest.startswith(name) and not after.isalnum() and after not in {"-", "_"}:
                found.add(name)
                break
    return found


def language_of(declared: str, text: str, page: str) -> str:
    """The language a text is stored under: the author's word, else what it looks like, else the page's."""
    return declared or propose_language(text) or page
