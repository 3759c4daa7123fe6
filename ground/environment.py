"""The Python environment: ``.venv`` holding exactly what one of the two locks says.

``run.txt`` is enough to start the community; ``dev.txt`` contains it and adds what tests and checks
need. Once the larger one is installed it stays, so that ``run`` and ``test`` do not undo each other.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Literal

from ground.console import ROOT, Command, attempt, fail, say, stop, work, works
from ground.steps import done_for, fingerprint, keep

VENV = ROOT / ".venv"
MARKS = VENV / "steps"
TOOLS = VENV / "tools"
LOCKS = ROOT / "requirements"
_BIN = "Scripts" if os.name == "nt" else "bin"
_EXE = ".exe" if os.name == "nt" else ""
PYTHON = VENV / _BIN / f"python{_EXE}"

_QUIETLY = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}

Lock = Literal["run", "dev"]


def ensure_packages(lock: Lock) -> None:
    """Make ``.venv`` hold what a lock says, or more (see above)."""
    _ensure_venv()
    mark = MARKS / "packages"
    installed = done_for(mark)
    if installed.startswith("dev "):
        lock = "dev"
    if installed != _key_of(lock):
        say("Setting up Python packages; the first time takes about a minute.")
    keep(mark, _key_of(lock), lambda: _install(LOCKS / f"{lock}.txt"))


def install_tool(name: str, words: str) -> Path:
    """Install what ``requirements/<name>.txt`` locks into a folder of its own, and return that folder."""
    folder, locked = TOOLS / name, LOCKS / f"{name}.txt"

    def make() -> None:
        shutil.rmtree(folder, ignore_errors=True)
        asked: Command = ("--quiet", "--require-hashes", "--target", folder, "-r", locked)
        if found := _uv():
            _work_with_uv(words, [found, "pip", "install", "--python", PYTHON, *asked])
        else:
            work(words, [*_pip(), "install", *asked])

    keep(MARKS / name, fingerprint(locked), make, outputs=[folder])
    return folder


def uv() -> str | Path:
    """Return the resolver and installer, which :mod:`ground.locks` needs whatever else there is."""
    return _uv() or stop("There is no uv for this kind of machine: the locks must be made on another one.")


def _key_of(lock: Lock) -> str:
    return f"{lock} {fingerprint(LOCKS / f'{lock}.txt')}"


def _ensure_venv() -> None:
    # A link to a Python that was since removed does not "exist" either.
    if PYTHON.exists():
        return
    shutil.rmtree(VENV, ignore_errors=True)
    uv_found = shutil.which("uv")
    # Without pip, because a bare Debian cannot put one there: _pip() looks further.
    command: Command = [sys.executable, "-m", "venv", "--without-pip", VENV]
    if uv_found:
        command = [uv_found, "venv", "--quiet", "--python", sys.executable, VENV]
    work("Making .venv", command)


def _install(lock: Path) -> None:
    if found := _uv():
        exactly = ("--require-hashes", "--compile-bytecode", lock)
        _work_with_uv("Installing Python packages", [found, "pip", "sync", "--python", PYTHON, *exactly])
    else:
        say("There is no uv for this kind of machine; pip does the same, more slowly.")
        work("Installing Python packages", [*_pip(), "install", "--quiet", "--require-hashes", "-r", lock])


def _work_with_uv(words: str, command: Command) -> None:
    """Run uv; where its own certificates are not enough, as behind a company's proxy, use the system's."""
    succeeded, printed = attempt(words, command)
    if succeeded:
        return
    if "certificate" not in printed:
        fail(command, printed)
    os.environ["UV_SYSTEM_CERTS"] = "true"
    work(f"{words}, trusting the certificates of this system", command)


@cache
def _uv() -> str | Path | None:
    """Return the uv on the PATH, else our own, else None where none is made for this machine."""
    if found := shutil.which("uv"):
        return found
    own, locked = TOOLS / "uv" / "bin" / f"uv{_EXE}", LOCKS / "uv.txt"
    if own.exists() and done_for(MARKS / "uv") == fingerprint(locked):
        return own
    asked = ("--quiet", "--only-binary", ":all:", "--require-hashes", "--upgrade", "-r", locked)
    fetch: Command = [*_pip(), "install", "--target", TOOLS / "uv", *asked]
    succeeded, _ = attempt("Fetching uv, which installs the rest", fetch)
    if not succeeded:
        return None
    keep(MARKS / "uv", fingerprint(locked), lambda: None)
    return own


@cache
def _pip() -> Command:
    """Return the words that run a pip for ``.venv``: its own where Python can make one, else another's."""
    own: Command = (PYTHON, "-m", "pip")
    if works([*own, "--version"]) or works([PYTHON, "-m", "ensurepip"]):
        return own
    if _may_install_debian_packages():
        apt_install("python3-venv")
        if works([PYTHON, "-m", "ensurepip"]):
            return own
    usable = (pip for pip in _other_pips() if works([*pip, "--version"]))
    missing = "This Python can neither make nor find a pip. Type: sudo apt-get install -y python3-venv"
    return next(usable, None) or stop(missing)


def _other_pips() -> Iterator[Command]:
    yield sys.executable, "-m", "pip", "--python", PYTHON
    yield from ((found, "--python", PYTHON) for name in ("pip3", "pip") if (found := shutil.which(name)))


def _may_install_debian_packages() -> bool:
    # Debian's package serves Debian's own Python only.
    return can_apt_install() and Path(sys.executable).resolve().is_relative_to("/usr/bin")


def can_apt_install() -> bool:
    """Whether system packages can be installed without asking anybody: as root, on Debian or a relative."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def apt_install(*packages: str) -> None:
    """Install packages of the system; only where :func:`can_apt_install`."""
    for words, command in _apt_steps(packages):
        work(words, command, _QUIETLY)


def apt_try(*packages: str) -> bool:
    """The same for what one can do without: return whether they are installed now."""
    return all(attempt(words, command, _QUIETLY)[0] for words, command in _apt_steps(packages))


def _apt_steps(packages: tuple[str, ...]) -> Iterator[tuple[str, Command]]:
    yield "Reading the list of system packages", ["apt-get", "update", "-qq"]
    install = ["apt-get", "install", "-qq", "--yes", "--no-install-recommends", *packages]
    yield f"Installing {', '.join(packages)}", install
