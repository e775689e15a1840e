"""Keeping floods out without keeping anybody out: work, limits, a waiting room."""
