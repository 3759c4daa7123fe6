"""Comments of Stack Exchange, which know a small Markdown of their own. Pure.

Emphasis, code and links are kept; everything that would start a block (a heading, a list, a quote)
is text there and stays text here. Bare addresses become links, as they are there.
"""

from __future__ import annotations

import re

from community.forum.importing.addresses import address
from community.forum.importing.escaping import code_span, escape_label, escape_line_start, tidy

_PARTS = re.compile(
    r"(?P<code>(?<!`)`[^`\n]+`(?!`))"
    r"|!?\[(?P<label>[^\[\]\n]{1,600})\]\((?P<href>[^()\s]*(?:\([^()\s]*\)[^()\s]*)*)(?:\s+\"[^\"\n]*\")?\)"
    r"|\[(?:meta-)?tag:(?P<tag>[^\]\s]{1,60})\]"
    r"|(?P<bare>https?://[^\s<>()\[\]\"`]+(?<![.,;:!?*_'’]))"
)
_SIGN = re.compile(r"<(?=[\w.!#$%&'*+/=?^`{|}~-])|\](?=[(\[:]|$)|~(?=~)|(?<=~)~")


def from_comment(text: str, site: str = "") -> str:
    """Markdown of a comment; ``site`` as in :func:`markdown.from_html`."""
    flat = tidy(text).strip()
    found, end = [], 0
    for match in _PARTS.finditer(flat):
        found += [_words(flat[end : match.start()]), _part(match, site)]
        end = match.end()
    lines = "".join([*found, _words(flat[end:])]).split("\n")
    return _paragraphs([line.strip() for line in lines])


def _part(match: re.Match[str], site: str) -> str:
    if match["code"]:
        return code_span(match["code"][1:-1])
    if match["tag"]:
        return escape_label(f"[{match['tag']}]")
    if match["bare"]:
        return f"<{address(match['bare'])}>" if address(match["bare"]) else _words(match["bare"])
    target = address(match["href"], site)
    return f"[{_words(match['label'])}]({target})" if target else _words(match["label"])


def _words(text: str) -> str:
    # Asterisks, underscores and backslashes mean there what they mean here.
    return _SIGN.sub(lambda sign: f"\\{sign.group()}", text)


def _paragraphs(lines: list[str]) -> str:
    paragraphs: list[list[str]] = [[]]
    for line in lines:
        if line:
            paragraphs[-1].append(_at_start(line))
        elif paragraphs[-1]:
            paragraphs.append([])
    return "\n\n".join("\\\n".join(paragraph) for paragraph in paragraphs if paragraph)


def _at_start(line: str) -> str:
    if re.match(r"[*](\s|$)|([*_])\s*\2\s*\2|```|~~~", line):
        return f"\\{line}"
    return escape_line_start(line)
