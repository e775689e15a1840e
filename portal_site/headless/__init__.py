"""The content API as static files: everything that is published, as JSON with schemas beside it."""
