"""The forum's reads, one file a noun. Every one starts from what the viewer may see."""
