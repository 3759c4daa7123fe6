"""Questions find those who can answer them: few at a time, fairly, and each may say "not me"."""

from __future__ import annotations
