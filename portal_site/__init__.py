"""Builds content/ and translations/ into the published site."""
