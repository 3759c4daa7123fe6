"""What the directory announces. Each becomes job rows saved with the change."""

from __future__ import annotations

from community.core.announce import signal

# What readers are given of these services (at most 200 ids) was written anew, or is gone.
services_written = signal("directory.services_written", "service_ids")

# The records of an organization were not confirmed for 150 days. ``month``: its first day, as 2026-11-01.
keeper_reminded = signal("directory.keeper_reminded", "persona_ids", "organization_id", "month")

# Something of the directory to tell these names. ``what``: a word of community/notifications/words.py
# (_DIRECTORY); ``about``: the path it leads to after the language ("directory/corrections/…"), at most 80
# characters; ``event``: told once for each name, however often it is announced.
persona_told = signal("directory.persona_told", "persona_ids", "what", "about", "event")
