"""Numbered steps of the history."""
