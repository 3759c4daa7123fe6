"""Pictures of one visit, step by step, and a sheet of them: for people to look at, and ``docs/wary.md``."""

from __future__ import annotations

import html
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser

from ground.console import say
from tests.journeys.person import Device, Person, somebody
from tests.journeys.site import Site
from tests.journeys.wary import STEPS, whole_visit
from tests.journeys.words import Lang

PHONE = 390
ACROSS = 7
# A sheet is looked at as a whole; each picture of it stands alone in the folder.
SHEET = """<!doctype html><meta charset="utf-8"><style>
body{{margin:0;padding:12px;background:#fff;width:{width}px;font:600 13px system-ui;color:#222}}
main{{display:grid;grid-template-columns:repeat({across},190px);gap:14px 12px}}
figure{{margin:0}}img{{width:188px;height:407px;object-fit:cover;object-position:top;border:1px solid #bbb}}
figcaption{{padding-top:3px}}</style><main>{pictures}</main>"""


def take(browser: Browser, site: Site, langs: Sequence[Lang], folder: Path) -> int:
    """Make the visit in each language; return 1 when a page had a fault."""
    folder.mkdir(parents=True, exist_ok=True)
    faults: list[str] = []
    for lang in langs:
        person, other = (somebody(browser, site, lang, Device(PHONE)) for _ in range(2))
        taken: list[Path] = []
        whole_visit(person, other, partial(_picture, folder, taken))
        faults += [*person.finish(), *other.finish()]
        _sheet(browser, taken, folder / f"wary-{lang}.png")
        say(f"{lang}: {len(taken)} pictures in {folder}, together in wary-{lang}.png")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


def _picture(folder: Path, taken: list[Path], step: str, person: Person) -> None:
    path = folder / f"{person.lang}-{list(STEPS).index(step) + 1:02}-{step}.png"
    person.page.screenshot(path=path)
    taken.append(path)


def _sheet(browser: Browser, pictures: Sequence[Path], to: Path) -> None:
    figures = "".join(
        f'<figure><img src="{one.as_uri()}"><figcaption>{html.escape(one.stem[3:])}</figcaption></figure>'
        for one in pictures
    )
    width = ACROSS * 202 + 12
    page = to.with_suffix(".html")
    page.write_text(SHEET.format(width=width, across=ACROSS, pictures=figures), encoding="utf-8")
    context = browser.new_context(viewport={"width": width + 24, "height": 400})
    tab = context.new_page()
    tab.goto(page.as_uri())
    tab.screenshot(path=to, full_page=True)
    context.close()
    page.unlink()
