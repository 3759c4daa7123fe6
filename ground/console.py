"""Talking to whoever types the command, and running other programs for them.

Everything said here goes to standard error: standard output belongs to the command's result.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import IO, NoReturn

ROOT = Path(__file__).resolve().parent.parent

Environment = Mapping[str, str]
Word = str | Path
Command = Sequence[Word]


def say(words: str, end: str = "\n") -> None:
    """Tell the person something, at once."""
    print(words, end=end, file=sys.stderr, flush=True)


def stop(words: str) -> NoReturn:
    """End the command: say what is missing and, where there is one, the line to type."""
    say(words)
    raise SystemExit(1)


def works(command: Command) -> bool:
    """Whether a command can be run and succeeds; its output is dropped."""
    try:
        answer = subprocess.run(command, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    except OSError:
        return False
    return answer.returncode == 0


def attempt(words: str, command: Command, environment: Environment | None = None) -> tuple[bool, str]:
    """Run a command, showing that it goes on; return whether it succeeded, and what it printed."""
    say(words, end=" ")
    started = time.monotonic()
    with tempfile.TemporaryFile() as output:
        code = _finish(_start(command, environment, output))
        output.seek(0)
        printed = output.read().decode(errors="replace")
    say(f"{'done' if code == 0 else 'failed'} ({time.monotonic() - started:.1f} s)")
    return code == 0, printed


def work(words: str, command: Command, environment: Environment | None = None) -> None:
    """Run a step of the set-up; if it fails, show what it printed and end the command."""
    succeeded, printed = attempt(words, command, environment)
    if not succeeded:
        fail(command, printed)


def fail(command: Command, printed: str) -> NoReturn:
    """End the command because another one failed: show what it printed."""
    stop(f"{printed.rstrip()}\n\nThis failed: {' '.join(map(str, command))}")


def hand_over(command: Command, environment: Environment | None = None) -> int:
    """Become another program, which then gets the terminal and the signals itself."""
    environment = dict(os.environ if environment is None else environment)
    os.chdir(ROOT)
    if os.name != "nt":  # an exec there would let the shell go on before the program has ended
        os.execve(command[0], [str(word) for word in command], environment)  # noqa: S606 - without a shell
    return subprocess.call(command, env=environment)


def _start(command: Command, environment: Environment | None, output: IO[bytes]) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(
            command,
            cwd=ROOT,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    except OSError as error:
        stop(f"failed\n{command[0]} cannot be started: {error.strerror}.")


def _finish(process: subprocess.Popen[bytes]) -> int:
    while True:
        try:
            return process.wait(timeout=1.5)
        except subprocess.TimeoutExpired:
            say(".", end="")
