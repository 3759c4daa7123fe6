"""The door for web servers: ``gunicorn wsgi:app``."""

from __future__ import annotations

import sys

from community.app import create_app, start
from community.core.sealing import KeyFileProblem
from config import BadSetting, read_settings

# What gunicorn understands as "starting again will not help"; any other code makes it try for ever.
CANNOT_BOOT = 3

try:
    app = start(create_app(read_settings()))
except (BadSetting, KeyFileProblem) as problem:
    print(problem, file=sys.stderr)
    sys.exit(CANNOT_BOOT)
