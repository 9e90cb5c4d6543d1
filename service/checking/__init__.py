"""Checking: which numbers, dates and names of a statement do not stand in the sentences that it cites."""
