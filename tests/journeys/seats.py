"""Browsers that somebody has left, emptied for the next: a new one takes a second to warm up."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from playwright.sync_api import Browser
from playwright.sync_api import Error as BrowserError

from tests.journeys.person import Device, Person, an_address, somebody
from tests.journeys.site import Site
from tests.journeys.words import Lang

Key = tuple[str, Lang, Device]
# Four people meet in the longest journeys; each browser takes a hundred megabytes.
MOST_KEPT = 6


@dataclass
class Seats:
    """Where people sit down. Nobody finds anything of whoever sat there before, nor the same address."""

    browser: Browser
    empty: list[tuple[Key, Person]] = field(default_factory=list)
    taken: list[tuple[Key, Person]] = field(default_factory=list)

    def take(self, site: Site, lang: Lang, device: Device) -> Person:
        """Somebody sits down at a browser of that language and that size, which knows nothing."""
        key = (site.address, lang, device)
        person = self._waiting(key) or somebody(self.browser, site, lang, device)
        self.taken.append((key, person))
        return person

    def _waiting(self, key: Key) -> Person | None:
        place = next((place for place, (like, _) in enumerate(self.empty) if like == key), None)
        if place is None:
            return None
        person = self.empty.pop(place)[1]
        person.context.set_extra_http_headers(an_address())
        return replace(person, lang=key[1])

    def leave(self) -> list[str]:
        """All stand up; what was wrong around them."""
        faults = []
        for key, person in self.taken:
            found = _empties(person)
            if found is None:
                faults += person.finish()
            else:
                self.empty.append((key, person))
                faults += found
        self.taken.clear()
        while len(self.empty) > MOST_KEPT:
            self.empty.pop(0)[1].finish()
        return faults


def _empties(person: Person) -> list[str] | None:
    """What was wrong around somebody who leaves an empty browser; None where it has to be closed."""
    if person.changed or len(person.context.pages) > 1:
        return None
    try:
        return person.stands_up()
    except BrowserError:
        return None
