"""Figures: bars with the same numbers in a table beside them."""
