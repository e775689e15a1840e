"""Searching the site for those without script, and for programs."""
