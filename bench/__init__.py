"""Benchmarks of the served API; run by `make bench`, never by the test suite."""
