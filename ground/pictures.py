"""Pictures of every page for each kind of person, and with ``--check`` what is wrong with each page.

``--visit wary`` takes those of one visit instead, step by step, and one sheet of them for each language.

``--check`` ends with the journeys at every width, unless it was asked for a part of the pages.

Runs inside ``.venv``, on the demonstration community, in a folder of its own that is thrown away.
The pictures are for people to look at, beside each other in ``index.html``; nothing compares them.
"""

from __future__ import annotations

import argparse
import html
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from ground import visits
from ground.browser import find_chromium
from ground.console import ROOT, say
from tests.journeys.acts import STATES, comes_in
from tests.journeys.crawl import explore, program
from tests.journeys.inspection import Sight, faults_of, look, show_whole
from tests.journeys.people import CAST
from tests.journeys.person import FLAGS, Device, Person, somebody
from tests.journeys.site import Site, running
from tests.journeys.words import LANGUAGES, Lang

SIGHTS = tuple(Sight(width, theme) for width in (390, 1280) for theme in ("light", "dark"))
# Name, as whom, language, window, page, and the topic to open there.
README: tuple[tuple[str, str, Lang, Device, str, str], ...] = (
    (
        "topic.png",
        "physician",
        "en",
        Device(1280, tall=1150, scale=0.75),
        "/spaces/alcohol",
        "Naltrexone or acamprosate",
    ),
    ("recherche.png", "physician", "fr", Device(1280, tall=900, scale=0.75), "/search?q=buprenorfine", ""),
    ("lived.png", "lived", "en", Device(390, dark=True), "/spaces/lived-experience", ""),
)
HEAD = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Pictures</title>
<style>body{font:15px system-ui;margin:2rem}
figure{display:inline-block;margin:0 1rem 2rem 0;vertical-align:top}
img{display:block;border:1px solid #bbb;max-height:420px;max-width:380px}figcaption{font-size:12px}</style>
"""


def main(words: Sequence[str]) -> int:
    """Take the pictures, or check the pages; return 1 when a page has a fault."""
    asked = _read(words)
    with ExitStack() as open_things:
        site, browser = open_things.enter_context(_community()), open_things.enter_context(_chromium())
        if asked.readme:
            return _for_readme(browser, site)
        if asked.visit:
            return visits.take(browser, site, asked.lang, asked.out)
        faults = [
            fault
            for who in asked.who
            for lang in asked.lang
            for fault in _visit(browser, site, who, lang, asked)
        ]
    if not asked.check:
        _write_index(asked.out)
        say(f"The pictures are in {asked.out / 'index.html'}")
    for fault in faults:
        print(fault)
    say(f"{len(faults)} faults")
    return (_journeys() if asked.check and not asked.part else 0) or (1 if faults else 0)


def _journeys() -> int:
    """Make the journeys at every width, of which the ordinary tests make some."""
    command = [sys.executable, "-m", "pytest", "tests/journeys/test_question.py"]
    return subprocess.run(command, cwd=ROOT, env={**os.environ, "JOURNEYS": "all"}, check=False).returncode


def _read(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="dev.py pictures")
    parser.add_argument("--out", type=Path, default=ROOT / "pictures", help="a folder for the pictures")
    parser.add_argument("--check", action="store_true", help="look for faults instead of taking pictures")
    parser.add_argument("--readme", action="store_true", help="only those of the README, into docs/images")
    parser.add_argument("--visit", choices=["wary"], default="", help="one visit, step by step")
    parser.add_argument("--who", nargs="+", choices=list(CAST), default=list(CAST), help="as seen by whom")
    parser.add_argument("--lang", nargs="+", choices=LANGUAGES, default=list(LANGUAGES))
    parser.add_argument("--only", default="", help="only pages whose kind contains this, e.g. forum.topic")
    parser.add_argument("--each", type=int, default=1, help="how many pages of one kind")
    asked = parser.parse_args(words)
    asked.out = asked.out.resolve()
    asked.part = bool(asked.only) or asked.who != list(CAST) or asked.lang != list(LANGUAGES)
    return asked


@contextmanager
def _community() -> Iterator[Site]:
    with tempfile.TemporaryDirectory(prefix="passerelle-") as folder:
        say("Starting a demonstration community of its own")
        yield from running(Path(folder), demonstration=True)


@contextmanager
def _chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=find_chromium(), args=[*FLAGS])
        yield browser
        browser.close()


def _visit(browser: Browser, site: Site, who: str, lang: Lang, asked: argparse.Namespace) -> list[str]:
    """Go through the site as one person in one language."""
    person = somebody(browser, site, lang, Device(1280))
    comes_in(person, who)
    atlas = explore(person, program(site), each=asked.each)
    faults = [f"broken link: {link}" for link in atlas.broken]
    pages = [(kind, path) for kind, paths in sorted(atlas.examples.items()) for path in paths]
    chosen = [(kind, path) for kind, path in pages if asked.only in str(kind)]
    say(f"{who}, {lang}: {len(chosen)} pages")
    for number, (kind, path) in enumerate(chosen):
        person.go(path)
        faults += _regard(person, str(kind), f"{kind}-{number:02}", asked, who)
    for name, reach in STATES.items():
        if asked.only in name and reach(person):
            faults += _regard(person, name, name, asked, who)
    return [f"{who}, {lang}: {fault}" for fault in (*faults, *person.finish())]


def _regard(person: Person, what: str, name: str, asked: argparse.Namespace, who: str) -> list[str]:
    """Look for faults of the page that is open, or take its pictures."""
    if asked.check:
        return [f"{what} {person.path()} {fault}" for fault in faults_of(person.page, person.lang)]
    folder = asked.out / who / person.lang
    folder.mkdir(parents=True, exist_ok=True)
    for sight in SIGHTS:
        look(person.page, sight)
        show_whole(person.page, sight)
        person.page.screenshot(path=folder / f"{name}-{sight.width}-{sight.theme}.png")
    return []


def _for_readme(browser: Browser, site: Site) -> int:
    """Take the pictures that the README shows."""
    for name, who, lang, device, path, title in README:
        person = somebody(browser, site, lang, device)
        comes_in(person, who)
        person.go(path)
        if title:
            person.follow_title(title)
        person.page.screenshot(path=ROOT / "docs" / "images" / name)
        person.finish()
        say(f"docs/images/{name}")
    return 0


def _write_index(folder: Path) -> None:
    """One page with every picture, grouped by person and language."""
    parts = [HEAD]
    for group in sorted({file.parent for file in folder.rglob("*.png")}):
        parts.append(f"<h2>{html.escape(str(group.relative_to(folder)))}</h2>")
        for file in sorted(group.glob("*.png")):
            where = html.escape(str(file.relative_to(folder)))
            parts.append(
                f'<figure><a href="{where}"><img loading="lazy" src="{where}" alt=""></a>'
                f"<figcaption>{html.escape(file.stem)}</figcaption></figure>"
            )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text("\n".join(parts), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
