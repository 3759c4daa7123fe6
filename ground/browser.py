"""The real browser that some tests need: Chromium from the system, never a downloaded one.

Where the system offers it, its shell for machines without a screen: the same engine with no window, profile
or services of its own around it, which takes half the processor time. ``CHROMIUM`` names any other.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ground.console import say, stop
from ground.environment import MARKS, apt_install, apt_try, can_apt_install
from ground.steps import done_for, keep

SHELL = "chromium-headless-shell"
FONTS = "fonts-noto-core"
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    Path("/usr/bin/chromium"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)
MISSING = f"The browser tests need Chromium. Type: sudo apt-get install -y {WHOLE[0]} {FONTS}"
# Left where the packages of this system were once found to hold no shell, or none that can be had.
NO_SHELL = MARKS / "no-headless-shell"


def ensure_chromium() -> str:
    """Return the path of a Chromium, installing one where that is possible; ``CHROMIUM`` names another."""
    if os.environ.get("CHROMIUM", "") or not can_apt_install():
        return find_chromium()
    if not _shell() and not done_for(NO_SHELL):
        _install_shell()
    if not _shell() and not _whole():
        apt_install(WHOLE[0], FONTS)
    return find_chromium()


def find_chromium() -> str:
    """Return the path of the Chromium that is there; without one, end with the line to type."""
    if named := os.environ.get("CHROMIUM", ""):
        return named if Path(named).exists() else stop(f"CHROMIUM says {named}, which is not there.")
    return _shell() or _whole() or stop(MISSING)


def _install_shell() -> None:
    if apt_try(SHELL, FONTS) and _shell():
        return
    say("This system has no smaller browser; a whole one does the same, more slowly.")
    keep(NO_SHELL, "none", lambda: None)


def _shell() -> str:
    return shutil.which(SHELL) or ""


def _whole() -> str:
    on_path = (found for name in WHOLE if (found := shutil.which(name)))
    return next(on_path, "") or next((str(place) for place in PLACES if place.exists()), "")
