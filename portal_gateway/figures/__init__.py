"""Figures: what waits how long, and numbers for reports in which nobody can be found."""
