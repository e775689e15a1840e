"""Mailboxes: sealed answers of the Institution, fetched by token."""
