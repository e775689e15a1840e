"""The protocol: pure functions from bytes to bytes."""
