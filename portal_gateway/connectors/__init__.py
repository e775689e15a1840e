"""Connectors: what other systems are handed of a case, and how it gets there."""
