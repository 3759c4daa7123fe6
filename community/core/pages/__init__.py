"""How pages are put together, and what is kept of them between two readers."""
