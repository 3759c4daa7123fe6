#!/usr/bin/env python3
"""Everything one does in a clone of Passerelle: ``python3 dev.py`` alone lists it.

Needs Python 3.11 or newer and its standard library; whatever else is missing is fetched into
``.venv`` and ``node_modules``, or named with the one line to type. The work is in ``ground/``.
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):
    sys.exit(
        "Passerelle needs Python 3.11 or newer; this is %d.%d. Try: python3.11 dev.py" % sys.version_info[:2]
    )

from ground.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
