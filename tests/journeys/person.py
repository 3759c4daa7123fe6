"""Somebody at a browser of their own: what they press and read, and what went wrong around it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    Route,
    expect,
)
from playwright.sync_api import Error as BrowserError
from playwright.sync_api import Request as BrowserRequest

from tests.journeys.site import Site
from tests.journeys.words import Lang, say

# Of the browser's own window, which nobody looks at: each part of it that is a page takes a process more
# for each person. The rest is what playwright leaves out, because a browser hears this switch only once.
LEFT_OUT = (
    *("WebUIToolbar", "WebUIReloadButton", "InitialWebUI", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup"),
    *("PreloadTopChromeWebUI", "PreloadTopChromeWebUILessNavigations", "SpareRendererForSitePerProcess"),
    *("AvoidUnnecessaryBeforeUnloadCheckSync", "AvoidCorsURLLoaderRestartOnRedirect", "PaintHolding"),
    *("DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable", "LensOverlay"),
    *("MediaRouter", "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying"),
    *("AimEnabled", "PreconnectToSearch"),
)
# As root, and without a word to anybody else: no host but this machine has an address.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
    "--disable-features=" + ",".join(LEFT_OUT),
)
MOST_REQUESTS = 6
MOST_BYTES = 60_000
# Two slow processors may be busy with other tests.
PATIENCE = 20_000
ELSEWHERE = "<!doctype html><html lang=en><title>Elsewhere</title><p>Elsewhere</p></html>"

_addresses = (f"10.{n >> 16 & 255}.{n >> 8 & 255}.{n & 255}" for n in count(1))


@dataclass(frozen=True)
class Device:
    """What somebody holds in their hands."""

    width: int = 1280
    dark: bool = False
    script: bool = True
    tall: int = 0  # in pixels; 0: as such a device usually is
    scale: float = 1.0

    def __str__(self) -> str:
        """As the names of tests say it."""
        return f"{self.width} px{' dark' * self.dark}{'' if self.script else ' without script'}"

    @property
    def height(self) -> int:
        """A phone is taller than it is wide."""
        return self.tall or (844 if self.width < 700 else 900)


@dataclass
class Weight:
    """What one page costs on a first visit."""

    url: str
    requests: int = 0
    size: int = 0
    document: str = ""
    # A cold browser asks for a file once, however often the page uses it; ours keeps nothing, so that
    # each page is a first visit, and asks again for the icons of what a live update puts in place.
    asked: set[str] = field(default_factory=set)

    @property
    def too_heavy(self) -> bool:
        """Over the budget of a page."""
        return self.requests > MOST_REQUESTS or self.size > MOST_BYTES


@dataclass
class Watch:
    """Everything a page does that no page may do."""

    site: Site
    faults: list[str] = field(default_factory=list)
    left_for: list[str] = field(default_factory=list)
    weights: dict[str, Weight] = field(default_factory=dict)
    _loader_of: dict[str, str] = field(default_factory=dict)

    def follow(self, page: Page) -> None:
        """Watch a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: script failed: {error}"))
        page.on("response", self._response)
        wire: CDPSession = page.context.new_cdp_session(page)
        wire.on("Network.requestWillBeSent", self._sent)
        wire.on("Network.loadingFinished", self._arrived)
        wire.send("Network.enable")
        wire.send("Network.setCacheDisabled", {"cacheDisabled": True})

    def forget(self) -> None:
        """Begin anew, as for somebody who has just sat down."""
        for noted in (self.faults, self.left_for, self.weights, self._loader_of):
            noted.clear()

    def _elsewhere(self, asked: str, kind: str, by: str) -> None:
        """Another host was asked: the person may go there by a link, a page of the site may not."""
        if kind == "Document" and urlsplit(asked).netloc:
            self.left_for.append(asked)
        elif urlsplit(asked).netloc and urlsplit(by).netloc != urlsplit(asked).netloc:
            self.faults.append(f"asked another host: {asked}")

    def heavy(self) -> list[str]:
        """The pages over the budget."""
        return [
            f"{page.url}: {page.requests} requests, {page.size} bytes"
            for page in self.weights.values()
            if page.too_heavy
        ]

    def _console(self, message: ConsoleMessage) -> None:
        # What is not found is judged by its answer, below; a page that is not found is a page.
        if message.type in {"error", "warning"} and "Failed to load resource" not in message.text:
            self.faults.append(f"{message.location.get('url', '')}: console: {message.text}")

    def _response(self, response: Response) -> None:
        asked: BrowserRequest = response.request
        if response.status >= 500 or (response.status >= 400 and asked.resource_type != "document"):
            self.faults.append(f"{asked.method} {asked.url}: answered {response.status}")

    def _sent(self, event: dict[str, Any]) -> None:
        kind, loader = event.get("type", ""), event["loaderId"]
        if not event["request"]["url"].startswith(f"{self.site.address}/"):
            self._elsewhere(event["request"]["url"], kind, event["documentURL"])
            return
        if kind in {"Fetch", "XHR", "Ping"}:
            return
        if kind == "Document":
            self.weights[loader] = Weight(event["request"]["url"])
        address = event["request"]["url"].partition("#")[0]
        page = self.weights.get(loader)
        if page is not None and kind != "Document" and address in page.asked:
            return
        if page is not None:
            page.asked.add(address)
        if loader in self.weights and event["requestId"] not in self._loader_of:
            self.weights[loader].requests += 1
        elif kind == "Document":
            self.weights[loader].requests = 1  # after a redirect the page counts, not the way to it
        self._loader_of[event["requestId"]] = loader

    def _arrived(self, event: dict[str, Any]) -> None:
        loader = self._loader_of.get(event["requestId"], "")
        if loader in self.weights:
            self.weights[loader].size += int(event["encodedDataLength"])


@dataclass
class Person:
    """One person, one browser, one language; nothing is shared with anybody else's browser."""

    site: Site
    lang: Lang
    device: Device
    context: BrowserContext
    page: Page
    watch: Watch
    changed: bool = False  # in a way that nothing but closing the browser takes back

    # ── Going about ──────────────────────────────────────────────────────────

    def go(self, path: str) -> Response:
        """Open a path of the site in this person's language, or one that names its own language."""
        inside = (
            path if re.match(r"/(fr|en)(/|$|\?)", path) or path.startswith("http") else f"/{self.lang}{path}"
        )
        address = inside if inside.startswith("http") else self.site.address + inside
        response = self.page.goto(address)
        assert response is not None
        return response

    def say(self, sentence: str, **values: object) -> str:
        """A sentence of the interface in this person's language."""
        return say(self.lang, sentence, **values)

    def follow(self, label: str, within: Locator | None = None) -> None:
        """Follow the link of that name."""
        with self.arriving():
            self.link(label, within).first.click()

    def follow_title(self, title: str) -> None:
        """Follow the link that a topic's own title is."""
        with self.arriving():
            self.page.locator("main").get_by_role("link", name=title).first.click()

    def send(self, label: str, within: Locator | None = None) -> None:
        """Press the button of that name, and wait for the page that follows."""
        with self.arriving():
            self.button(label, within).first.click()

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Wait until what happens in the block has led to another page."""
        with self.page.expect_navigation(wait_until="load"):
            yield

    # ── Finding things as people do: by their words ──────────────────────────

    def button(self, label: str, within: Locator | None = None) -> Locator:
        """The buttons of that name."""
        return (within or self.page.locator("body")).get_by_role("button", name=self.say(label), exact=True)

    def link(self, label: str, within: Locator | None = None) -> Locator:
        """The links of that name."""
        return (within or self.page.locator("body")).get_by_role("link", name=self.say(label), exact=True)

    def field(self, label: str, within: Locator | None = None) -> Locator:
        """The fields of that name; words such as "(optional)" may follow it."""
        name = re.compile(rf"^\s*{re.escape(self.say(label))}")
        return (within or self.page.locator("main")).get_by_label(name)

    def fill(self, label: str, text: str, within: Locator | None = None) -> None:
        """Put a text into a field."""
        self.field(label, within).first.fill(text)

    def tick(self, label: str, within: Locator | None = None) -> None:
        """Tick a box or choose a round one."""
        self.field(label, within).first.check()

    def sees(self, words: str | re.Pattern[str]) -> None:
        """These words, as they are, can be read in the page."""
        expect(self.page.locator("main").get_by_text(words).first).to_be_visible()

    def reads(self, sentence: str, **values: object) -> None:
        """A sentence of the interface can be read in the page."""
        self.sees(self.say(sentence, **values))

    def heading(self) -> str:
        """The title of the page."""
        return self.page.locator("h1").inner_text()

    def text(self) -> str:
        """Everything in the page that can be read."""
        return self.page.locator("body").inner_text()

    def errors(self) -> str:
        """What the page says is to be corrected, or the page."""
        summary = self.page.locator("#errors")
        return summary.inner_text() if summary.count() else self.text()

    def path(self) -> str:
        """Where this person is, without host."""
        parts = urlsplit(self.page.url)
        return parts.path + (f"?{parts.query}" if parts.query else "")

    def may_leave(self) -> None:
        """Let a page stand where other hosts would be, for whoever goes there."""

        def stands(route: Route) -> None:
            route.fulfill(status=200, content_type="text/html", body=ELSEWHERE)

        self.context.route(re.compile(f"^(?!{re.escape(self.site.address)}/)"), stands)

    def stands_up(self) -> list[str]:
        """Empty the browser for somebody else; return everything that was wrong."""
        self.page.goto("about:blank")
        found = self._found()
        self.context.unroute_all()
        self.context.clear_cookies()
        wire = self.context.new_cdp_session(self.page)
        wire.send("Storage.clearDataForOrigin", {"origin": self.site.address, "storageTypes": "all"})
        wire.send("Page.resetNavigationHistory")
        wire.detach()
        self.page.emulate_media(media="screen", color_scheme="dark" if self.device.dark else "light")
        self.page.set_viewport_size({"width": self.device.width, "height": self.device.height})
        self.watch.forget()
        return found

    def finish(self) -> list[str]:
        """Close the browser; return everything that was wrong."""
        try:
            self.context.close()
        except BrowserError as error:
            self.watch.faults.append(f"closing: {error}")
        return self._found()

    def _found(self) -> list[str]:
        found = Counter([*self.watch.faults, *(f"too heavy: {page}" for page in self.watch.heavy())])
        return [f"{fault} (× {times})" if times > 1 else fault for fault, times in found.items()]


def an_address() -> dict[str, str]:
    """From where somebody comes, whom nobody met there before."""
    return {"X-Forwarded-For": next(_addresses)}


def somebody(browser: Browser, site: Site, lang: Lang, device: Device) -> Person:
    """Open a browser of their own for one more person."""
    context = browser.new_context(
        locale=f"{lang}-CA",
        viewport={"width": device.width, "height": device.height},
        color_scheme="dark" if device.dark else "light",
        device_scale_factor=device.scale,
        java_script_enabled=device.script,
        reduced_motion="reduce",
        extra_http_headers=an_address(),
    )
    context.set_default_timeout(PATIENCE)
    watch = Watch(site)
    page = context.new_page()
    watch.follow(page)
    return Person(site, lang, device, context, page, watch)
