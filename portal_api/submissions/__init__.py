"""Sealed submissions: checked without being read, stored, receipted."""
