"""The French sentences: one file per domain in the sources, one catalogue for the program.

Runs inside ``.venv`` (it needs Babel). ``compile`` writes the catalogue; ``check`` looks for holes and
for typography that French readers would trip over; ``missing`` prints entries still to be translated.
"""

from __future__ import annotations

import re
import sys
import tomllib
from collections.abc import Iterator, Sequence
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from ground.console import ROOT, say
from ground.frontend import CATALOGUE

TEXTS = ROOT / "community"
SOURCES = TEXTS / "translations" / "fr"
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "_l": None,
    "lazy_gettext": None,
    "lazy_ngettext": (1, 2),
    "lazy_pgettext": ((1, "c"), 2),
}
METHODS = {
    "community": [("**.py", "python")],
    "templates": [("**.html", "jinja2"), ("**.txt", "jinja2")],
}
# A template that cannot be read is an error, not a template without sentences.
OPTIONS = {pattern: {"silent": "false"} for pattern in ("**.html", "**.txt")}
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]")

# Which message: its source, and its context if it has one.
Key = tuple[Any, str | None]

# What is not prose: tags, character references, addresses, code.
NOT_PROSE = re.compile(r"<[^>]*>|&#?\w+;|https?://\S+|`[^`]*`")
MISTAKES = (
    (re.compile(r"\w'\w"), "’ instead of '"),
    (re.compile(r"(?<=[^\u202f!?;(…])[!?;]"), "U+202F before ! ? ;"),
    (re.compile(r"(?<=[^\u00a0]):(?=\s|$)"), "U+00A0 before :"),
    (re.compile(r"«(?!\u00a0)|(?<!\u00a0)»"), "U+00A0 inside « »"),
    (re.compile(r"(?<=[^\u00a0])%%|\d ?(?:%(?![%(\w])|\$)"), "U+00A0 before % and $"),
    (re.compile(r"\.\.\."), "… instead of ..."),
    (re.compile(r"\w[·•]\w"), "no middle dot inside a word"),
)


def main(words: Sequence[str]) -> int:
    """Do what is asked; return 0 when all is well."""
    actions = {"compile": compile_all, "check": check, "missing": print_missing}
    if len(words) != 1 or words[0] not in actions:
        say(f"usage: python3 dev.py catalogue [{'|'.join(actions)}]")
        return 2
    return actions[words[0]]()


def compile_all() -> int:
    """Write the one catalogue the program reads."""
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    draft = CATALOGUE.with_suffix(".new")
    with draft.open("wb") as file:
        write_mo(file, merged(read_all()))
    draft.replace(CATALOGUE)
    return 0


def check() -> int:
    """Print everything wrong with the translations; return 1 if there is anything."""
    catalogues, used = read_all(), extracted()
    wrong = [*faults(catalogues), *contradictions(catalogues), *holes(merged(catalogues), used), *of_texts()]
    for line in wrong:
        print(line)
    print(f"{len(used)} sentences, {len(wrong)} mistakes")
    return 1 if wrong else 0


def print_missing() -> int:
    """Print the sentences without a translation, ready to be pasted into a domain's file."""
    known = {_key(message) for message in _messages(merged(read_all())) if _is_translated(message)}
    rest = Catalog(locale="fr")
    for message in _messages(extracted()):
        if _key(message) not in known:
            rest.add(message.id, locations=message.locations, flags=message.flags, context=message.context)
    write_po(sys.stdout.buffer, rest, omit_header=True)
    return 0


def read_all() -> dict[str, Catalog]:
    """Read every domain's file."""
    catalogues = {}
    for file in sorted(SOURCES.glob("*.po")):
        with file.open("rb") as opened:
            catalogues[file.name] = read_po(opened, locale="fr", abort_invalid=True)
    return catalogues


def merged(catalogues: dict[str, Catalog]) -> Catalog:
    """Return one catalogue with the messages of all."""
    whole = Catalog(locale="fr", charset="utf-8", fuzzy=False)
    for catalogue in catalogues.values():
        for message in _messages(catalogue):
            whole.add(message.id, message.string, flags=message.flags, context=message.context)
    return whole


def extracted() -> Catalog:
    """Return the sentences that the programs and the templates say."""
    found = Catalog(locale="fr")
    for folder, methods in METHODS.items():
        for file, line, text, _, context in extract_from_dir(
            ROOT / folder, method_map=methods, options_map=OPTIONS, keywords=KEYWORDS
        ):
            found.add(text, locations=[(f"{folder}/{file}", line)], context=context)
    return found


def faults(catalogues: dict[str, Catalog]) -> Iterator[str]:
    """Yield what is wrong with single translations: none, uncertain, other placeholders, typography."""
    for name, catalogue in catalogues.items():
        for message in _messages(catalogue):
            where = f"{name}:{message.lineno}"
            if not _is_translated(message):
                yield f"{where}: not translated: {message.id!r}"
            elif message.fuzzy:
                yield f"{where}: fuzzy: {message.id!r}"
            else:
                if not keeps_placeholders(message.id, message.string):
                    yield f"{where}: other placeholders than in {message.id!r}: {message.string!r}"
                yield from (f"{where}: {slip}: {message.string!r}" for slip in slips(message.string))


def keeps_placeholders(source: str | Sequence[str], french: str | Sequence[str] | None) -> bool:
    """Whether a translation names what its source names; one of several forms may leave the number out."""
    given = [set(PLACEHOLDER.findall(form)) for form in _forms(source)]
    kept = [set(PLACEHOLDER.findall(form)) for form in _forms(french)]
    if isinstance(source, str):
        return kept == given
    return all(form <= set().union(*given) for form in kept) and kept[-1] >= given[-1]


def slips(french: str | Sequence[str] | None) -> list[str]:
    """Return the typographic mistakes of a French sentence, of each form if it has several."""
    forms = [NOT_PROSE.sub("", form) for form in _forms(french)]
    return [what for pattern, what in MISTAKES if any(pattern.search(form) for form in forms)]


def of_texts() -> Iterator[str]:
    """Yield the slips of the French texts that come with the program: pages, what an archive says, data."""
    for path in sorted(TEXTS.rglob("*.fr.*")):
        for number, line in enumerate(path.read_text("utf-8").splitlines(), start=1):
            yield from (f"{path.relative_to(ROOT)}:{number}: {slip}: {line!r}" for slip in slips(line))
    for path in sorted(TEXTS.rglob("*.toml")):
        for text in _french_of(tomllib.loads(path.read_text("utf-8"))):
            yield from (f"{path.relative_to(ROOT)}: {slip}: {text!r}" for slip in slips(text))


def _french_of(data: Any) -> Iterator[str]:
    """Every text of a file of data under a name that ends in _fr or is fr."""
    pairs = data.items() if isinstance(data, dict) else enumerate(data if isinstance(data, list) else ())
    for name, value in pairs:
        if isinstance(value, str) and re.search(r"(^|_)fr$", str(name)):
            yield value
        else:
            yield from _french_of(value)


def contradictions(catalogues: dict[str, Catalog]) -> Iterator[str]:
    """Yield the sentences that two domains translate differently."""
    seen: dict[Key, tuple[str, Any]] = {}
    for name, catalogue in catalogues.items():
        for message in _messages(catalogue):
            first, string = seen.setdefault(_key(message), (name, message.string))
            if string != message.string:
                two = f"{string!r} in {first}, {message.string!r} here"
                yield f"{name}:{message.lineno}: {message.id!r} is {two}"


def holes(known: Catalog, used: Catalog) -> Iterator[str]:
    """Yield the sentences that are said and not translated, and those translated that nobody says."""
    have, need = ({_key(message): message for message in _messages(each)} for each in (known, used))
    for key, message in need.items():
        if key not in have:
            file, line = message.locations[0]
            yield f"{file}:{line}: in no file of translations: {key[0]!r}"
    yield from (f"translated, but said nowhere: {key[0]!r}" for key in have if key not in need)


def _messages(catalogue: Catalog) -> list[Message]:
    # The first one, without an id, is the header.
    return [message for message in catalogue if message.id]


def _key(message: Message) -> Key:
    single = message.id if isinstance(message.id, str) else message.id[0]
    return single, message.context


def _is_translated(message: Message) -> bool:
    return bool(message.string) and all(_forms(message.string))


def _forms(string: str | Sequence[str] | None) -> Sequence[str]:
    return [string] if isinstance(string, str) else string or []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
