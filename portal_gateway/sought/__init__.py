"""The person whom several requests may seek: candidates with reasons, decided by people only."""
