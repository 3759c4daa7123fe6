"""Browsers that somebody has left, emptied for the next: a new one takes a second to warm up."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from tests.journeys.person import Device, Person, an_address, somebody
from tests.journeys.site import Site
from tests.journeys.words import Lang

Key = tuple[str, Lang, Device]


@dataclass
class Seats:
    """Where people sit down. Nobody finds anything of whoever sat there before, nor the same address."""

    browser: Browser
    empty: dict[Key, list[Person]] = field(default_factory=lambda: defaultdict(list))
    taken: list[tuple[Key, Person]] = field(default_factory=list)

    def take(self, site: Site, lang: Lang, device: Device) -> Person:
        """Somebody sits down at a browser of that language and that size, which knows nothing."""
        key = (site.address, lang, device)
        if waiting := self.empty[key]:
            person = replace(waiting.pop(), site=site, lang=lang)
            person.watch.site = site
            person.context.set_extra_http_headers(an_address())
        else:
            person = somebody(self.browser, site, lang, device)
        self.taken.append((key, person))
        return person

    def leave(self) -> list[str]:
        """All stand up; what was wrong around them."""
        faults = []
        for key, person in self.taken:
            found = _empties(person)
            if found is None:
                faults += person.finish()
            else:
                self.empty[key].append(person)
                faults += found
        self.taken.clear()
        return faults


def _empties(person: Person) -> list[str] | None:
    """What was wrong around somebody who leaves an empty browser; None where it has to be closed."""
    if person.changed or len(person.context.pages) > 1:
        return None
    try:
        return person.stands_up()
    except BrowserError:
        return None
