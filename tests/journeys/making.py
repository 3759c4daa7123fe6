"""An operator's commands, one after the other in one process, for the sites of the journeys.

``python -m tests.journeys.making '[["db", "upgrade"], ["setup"]]'``, with the settings of the instance.
"""

from __future__ import annotations

import json
import sys

from wsgi import app


def main(words: str) -> None:
    """Do what each line says; the first that fails ends it, as it would end alone."""
    for line in json.loads(words):
        with app.app_context():
            app.cli.main(args=line, prog_name="flask", standalone_mode=False)


if __name__ == "__main__":
    main(sys.argv[1])
