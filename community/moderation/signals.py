"""What moderation announces."""

from __future__ import annotations

from community.core.announce import signal

# Somebody decided something about what a persona wrote, or took it back; it is to be told.
decided = signal("moderation.decided", "act_key")
# An appeal was answered; whoever asked is to be told.
appeal_answered = signal("moderation.appeal_answered", "act_key")

# Something came before those who moderate that the forum tells them nothing of; by ``step`` once each.
waits = signal("moderation.waits", "matter_key", "step")
