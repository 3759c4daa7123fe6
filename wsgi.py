"""The door for web servers: ``gunicorn wsgi:app``."""

from __future__ import annotations

import gc
import sys

# Nothing that is loaded now is ever thrown away: to look for what may be, again and again while it grows,
# takes a sixth of the start.
gc.disable()

from sqlalchemy.exc import OperationalError  # noqa: E402 - see above

from community.app import create_app, start  # noqa: E402
from community.core.pages.templating import NotBuilt  # noqa: E402
from community.core.sealing import KeyFileProblem  # noqa: E402
from community.core.serving import Served  # noqa: E402
from community.core.unreachable import is_away, say_in_a_sentence, sentence  # noqa: E402
from config import BadSetting, read_settings  # noqa: E402

# What gunicorn understands as "starting again will not help"; any other code makes it try for ever.
CANNOT_BOOT = 3
TRY_AGAIN = 1

say_in_a_sentence()  # where this is the door of a command
try:
    app = start(create_app(read_settings()))
except (BadSetting, KeyFileProblem, NotBuilt) as problem:
    print(problem, file=sys.stderr)
    sys.exit(CANNOT_BOOT)
except Served as problem:
    print(problem, file=sys.stderr)
    sys.exit(TRY_AGAIN)
except OperationalError as problem:
    if not is_away(problem):
        raise
    print(sentence(problem), file=sys.stderr)
    sys.exit(TRY_AGAIN)

# What stands now stays: only what requests make is looked through from here on.
gc.freeze()
gc.enable()
