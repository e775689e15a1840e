"""Briefings on the site: lists, pages, notices, calendars, feeds, texts, from one record each."""
