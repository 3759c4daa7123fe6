"""Reads of conversations: always from what ``permissions`` lets the viewer see."""
