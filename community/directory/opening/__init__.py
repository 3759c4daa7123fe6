"""When a place is open, and how that is typed. Pure."""
