"""Comparing two runs of the same set: what changed, whether it is more than chance, and whether a gate fails."""
