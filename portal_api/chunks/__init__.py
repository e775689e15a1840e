"""Pieces of sealed files, by hash."""
