"""Benchmarks of retrieval: quality on public sets, speed beside a peer, filters, and growth to a million sentences."""
