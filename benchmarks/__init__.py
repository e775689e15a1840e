"""Benchmarks: ratios taken in one run against a floor or a peer. `make bench` runs them all."""
