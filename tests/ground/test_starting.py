"""A copy of a process that has loaded the program is to its test what an ordinary process is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator

import pytest

from tests.starting import STARTER, started, starter

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="copies are made on Linux only")


@pytest.fixture(scope="module")
def copies() -> Iterator[str]:
    """Where copies are to be had: in whole runs there is one such process for all."""
    if found := os.environ.get(STARTER, ""):
        yield found
        return
    with starter() as where:
        yield where


@pytest.fixture(params=["ordinary", "copy"])
def way(request, copies: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(STARTER, copies if request.param == "copy" else "")


@pytest.mark.usefixtures("way")
def test_it_says_what_it_has_to_say_where_it_is_told_to_and_leaves_its_code():
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        words = ("flask", "--app", "tests.ground.nothing", "routes")
        process = started(*words, environment={**os.environ, "OF_ITS_OWN": "1"}, output=output, errors=errors)
        assert process.wait(60) == 2
        errors.seek(0)
        output.seek(0)
        assert (b"Could not import" in errors.read(), output.read()) == (True, b"")


@pytest.mark.usefixtures("way")
def test_it_is_a_session_that_can_be_ended_and_keeps_its_number_until_that_is_heard():
    with tempfile.TemporaryFile() as output:
        words = ("http.server", "0", "--bind", "127.0.0.1")
        process = started(*words, environment=os.environ, output=output)
        assert os.getsid(process.pid) == process.pid
        assert process.poll() is None
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.01)
        for _ in range(2):
            os.killpg(process.pid, signal.SIGKILL)
        assert process.wait(60) == -signal.SIGKILL
        assert process.poll() == -signal.SIGKILL
