"""The content API: what is published, with filters, for other programs."""
