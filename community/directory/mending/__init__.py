"""The single values that somebody may mend: where each stands, what it may be. Pure."""
