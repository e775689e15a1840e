"""Alerts on the site: list, pages, notices, feeds and texts, from one record each."""
