"""The signed key list."""
