"""The form without script: sealed in memory on arrival."""
