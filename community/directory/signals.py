"""What the directory announces. Each becomes job rows saved with the change."""

from __future__ import annotations

from community.core.announce import signal

# What readers are given of these services (at most 200 ids) was written anew, or is gone.
services_written = signal("directory.services_written", "service_ids")
