"""Typed models of everything in content/ and translations/."""
