"""Primero v2: a search request becomes a tracing request there."""
