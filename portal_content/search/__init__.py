"""Searching the site: one way to fold words, one index, one ranking, with a twin in the browser."""
