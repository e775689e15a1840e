"""Exports: search requests in a file, as far as each family agreed to it for the recipient."""
