"""Characters that Markdown would read as signs. Pure.

Only what this site's Markdown reads (CommonMark, tables, strikethrough, no HTML) is escaped, so
that a stored text stays readable.
"""

from __future__ import annotations

import re

_UNWANTED = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_ANYWHERE = (
    r"[\\`*]"  # escapes, code, emphasis
    r"|(?<![^\W_])_|_(?![^\W_])"  # within a word it is no sign
    r"|~(?=~|\s?$)|(?<=~)~|^~|(?<=^\s)~"  # a mark may come to stand beside it, without the space
    r"|<(?=[\w.!#$%&'*+/=?^`{|}~-])"  # an address in angle brackets
    r"|&(?=#?\w{1,40};)"  # an entity
)
_SIGNS = re.compile(_ANYWHERE + r"|\](?=[(\[:]|$)")  # the end of a link's label
_LABEL_SIGNS = re.compile(_ANYWHERE + r"|[\[\]]")
_LINE_START = re.compile(r"#{1,6}(?=\s|$)|>|\+(?=\s|$)|-(?=[\s|:-]|$)|=|[:|](?=[-:| ])")
_NUMBERED = re.compile(r"(\d{1,9})([.)](?:\s|$).*)", re.DOTALL)
_BACKTICKS = re.compile(r"`+")
_TOO_MANY_BACKTICKS = re.compile(r"(`{100})`+")  # nobody's code: only there to make trouble
_RAISED = {
    "sup": dict(zip("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾", strict=True)),
    "sub": dict(zip("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎", strict=True)),
}


def tidy(text: str) -> str:
    """A text that every database takes: no NUL, no control characters, no half characters."""
    return _UNWANTED.sub("", text).replace("\r\n", "\n").replace("\r", "\n")


def has_unwanted(text: str) -> bool:
    """Whether :func:`tidy` would take characters out."""
    return _UNWANTED.search(text) is not None


def escape(text: str) -> str:
    """A piece of text in which nothing is a sign of Markdown, wherever in a line it stands."""
    return _SIGNS.sub(lambda match: f"\\{match.group()}", text)


def escape_label(text: str) -> str:
    """The same for the words of a link, in which brackets count too."""
    return _LABEL_SIGNS.sub(lambda match: f"\\{match.group()}", text)


def escape_line_start(line: str) -> str:
    """A line of a paragraph that starts neither a heading, a quote, a list, a rule nor a table."""
    if numbered := _NUMBERED.fullmatch(line):
        return f"{numbered[1]}\\{numbered[2]}"
    return f"\\{line}" if _LINE_START.match(line) else line


def code_span(words: str) -> str:
    """Words as code within a line."""
    flat = _TOO_MANY_BACKTICKS.sub(r"\1", " ".join(words.split()))
    if not flat:
        return ""
    mark = "`" * (_longest_run(flat) + 1)
    padding = " " if flat[0] == "`" or flat[-1] == "`" else ""
    return f"{mark}{padding}{flat}{padding}{mark}"


def fence(words: str, language: str = "") -> str:
    """Words as a block of code, whatever backticks they hold."""
    bounded = _TOO_MANY_BACKTICKS.sub(r"\1", words)
    mark = "`" * max(3, _longest_run(bounded) + 1)
    return f"{mark}{language}\n{bounded}\n{mark}"


def _longest_run(words: str) -> int:
    return max((len(run) for run in _BACKTICKS.findall(words)), default=0)


def raised(words: str, place: str) -> str:
    """Superscript or subscript (``place`` is sup or sub) in characters where they exist: m², H₂O."""
    known = _RAISED[place]
    return "".join(known[c] for c in words) if words and all(c in known for c in words) else words
