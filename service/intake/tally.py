"""What became of the inputs of a command, counted."""

from collections import Counter

__all__ = ["CHANGES", "Tally"]

CHANGES = ("added", "updated", "unchanged", "deleted", "failed")
"""What can become of an article."""


class Tally:
    """Count what became of articles, and keep what failed, was skipped, ignored or cut."""

    def __init__(self) -> None:
        self.counts = Counter(dict.fromkeys(CHANGES, 0))
        self.failures: list[dict[str, str]] = []
        self.skipped: list[str] = []
        self.ignored: Counter[str] = Counter()
        self.warnings: list[dict[str, str]] = []

    def fail(self, place: str, reason: str) -> None:
        """Count a failure."""
        self.counts["failed"] += 1
        self.failures.append({"place": place, "reason": reason})

    def warn(self, place: str, warning: str) -> None:
        """Keep a warning."""
        self.warnings.append({"place": place, "warning": warning})
