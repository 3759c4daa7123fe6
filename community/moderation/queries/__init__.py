"""Reads of moderation: the queue, one matter, decisions, the public record."""
