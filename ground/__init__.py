"""What the community stands on while it is being made: set-up, start, tests and checks.

``dev.py`` is its only door. Nothing here is imported by ``community``, and every module but
``catalogue`` and ``suite`` (which run inside ``.venv``) makes do with the standard library.
"""
