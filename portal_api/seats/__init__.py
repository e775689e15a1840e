"""Seats at briefings: counted by tokens, so that nobody here learns who comes."""
