"""What routing announces. Each becomes job rows saved with the change."""

from __future__ import annotations

from community.core.announce import signal

# A question was laid before a persona. ``why``: fits (what they said they can answer), on_call, keeper
# or by_name. To the same persona once, and once more when it becomes a duty (on_call, keeper).
question_offered = signal("routing.question_offered", "topic_id", "persona_id", "why")
