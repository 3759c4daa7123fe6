"""Templates compiled once for all processes, beside their sources as Python does with its own.

Compiling one takes some 20 milliseconds of processor time, and a page is made of a dozen: without this
the first readers after every start wait for it, and so does each short-lived command.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import pickle
import threading
from pathlib import Path

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2 import __version__ as jinja_version
from jinja2.bccache import Bucket


class CompiledTemplates(FileSystemBytecodeCache):
    """The compiled form of each template; one that cannot be written is compiled again by the next process.

    The name of a file holds what a compiled template depends on besides its source, which is compared
    by its checksum: the version of Jinja, how it removes blanks, what its tags are.
    """

    def __init__(self, templates: Path, environment: Environment) -> None:
        folder = templates / "__pycache__"
        with contextlib.suppress(OSError):
            folder.mkdir(exist_ok=True)
        super().__init__(str(folder))
        self._environment = environment

    def get_cache_key(self, name: str, filename: str | None = None) -> str:
        """One key for a template however the folder it lies in is called."""
        way = self._environment
        facts = (name, jinja_version, way.trim_blocks, way.lstrip_blocks, sorted(way.extensions))
        return hashlib.sha256(repr(facts).encode()).hexdigest()[:40]

    def load_bytecode(self, bucket: Bucket) -> None:
        """Read what was kept; what a power cut left half written is compiled anew."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, pickle.UnpicklingError):
            bucket.reset()

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Write whole or not at all. A folder that takes nothing is no reason to refuse a page."""
        place = Path(self._get_cache_filename(bucket))
        draft = place.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        try:
            with draft.open("wb") as file:
                bucket.write_bytecode(file)
            draft.replace(place)
        except OSError:
            with contextlib.suppress(OSError):
                draft.unlink()
