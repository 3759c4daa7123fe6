"""The door for web servers: ``gunicorn wsgi:app``."""

from __future__ import annotations

from community.app import create_app, start
from config import read_settings

app = start(create_app(read_settings()))
