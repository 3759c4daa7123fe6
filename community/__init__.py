"""Passerelle: a bilingual community of interest on substance use. Start reading at ``app.py``."""
