"""Writes of conversations: one verb per function, who asks first. Nothing here commits."""
