"""What the program is made of: each package by its version and its hash, and nothing is there beside."""

from __future__ import annotations

import json
import re
from importlib.metadata import distributions

from ground.console import ROOT

_PINNED = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;\\]+)")
# What makes an environment, and is not of the program.
TOOLS = frozenset({"pip", "setuptools", "wheel", "pkg-resources"})


def plain(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def locked():
    """Every package of the lists, with its versions (one a Python) and how many hashes stand after each."""
    found: dict[str, tuple[set[str], list[int]]] = {}
    for path in sorted((ROOT / "requirements").glob("*.txt")):
        for entry in re.split(r"\n(?=\S)", path.read_text("utf-8")):
            if held := _PINNED.match(entry):
                versions, hashes = found.setdefault(plain(held[1]), (set(), []))
                versions.add(held[2])
                hashes.append(entry.count("--hash=sha256:"))
    return found


def test_every_package_is_pinned_with_its_hashes_and_listed():
    lists = locked()
    assert len(lists) > 50
    assert not [name for name, (_, hashes) in lists.items() if not all(hashes)]
    installed = {plain(one.metadata["Name"]): one.version for one in distributions()}
    beside = {name for name in installed if name not in lists} - TOOLS
    assert not beside
    assert not {name for name, one in installed.items() if name in lists and one not in lists[name][0]}


def test_what_pages_are_built_with_is_pinned_with_its_hashes_too():
    packages = json.loads((ROOT / "package-lock.json").read_text("utf-8"))["packages"]
    assert not [name for name, one in packages.items() if name and not one.get("integrity")]
    running = [name for name, one in packages.items() if name and one.get("hasInstallScript")]
    assert not set(running) - {"node_modules/esbuild"}, "nothing else runs while it is installed"
