"""History of the register's tables."""
