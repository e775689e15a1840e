"""The protected zone: opens, checks, registers and answers submissions."""
