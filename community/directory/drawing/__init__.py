"""Shapes and where they stand, for templates that draw them. Pure."""
