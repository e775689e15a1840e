"""Leaving: what browsers are told to forget."""
