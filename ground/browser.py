"""The real browser that some tests need: Chromium from the system, never a downloaded one."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from ground.console import stop
from ground.environment import apt_install, can_apt_install

PACKAGES = ("chromium", "fonts-noto-core")
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PLACES = (
    Path("/usr/bin/chromium"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
)


def ensure_chromium() -> str:
    """Return the path of a Chromium, installing it where that is possible; ``CHROMIUM`` names another."""
    if named := os.environ.get("CHROMIUM", ""):
        return named if Path(named).exists() else stop(f"CHROMIUM says {named}, which is not there.")
    if found := _find():
        return found
    if can_apt_install():
        apt_install(*PACKAGES)
    missing = f"The browser tests need Chromium. Type: sudo apt-get install -y {' '.join(PACKAGES)}"
    return _find() or stop(missing)


def _find() -> str:
    on_path = (found for name in NAMES if (found := shutil.which(name)))
    return next(on_path, "") or next((str(place) for place in PLACES if place.exists()), "")
