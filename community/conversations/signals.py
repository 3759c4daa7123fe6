"""What conversations announce. Each becomes job rows saved with the change; none carries words."""

from __future__ import annotations

from community.core.announce import signal

# A message was sent.
message_sent = signal("conversations.message_sent", "message_key")
# Somebody read a conversation further, or left it: what they were told of it is no news any more.
conversation_read = signal("conversations.conversation_read", "conversation_key", "persona_id")
