"""The journal of answers that were given, and what readers thought of them."""

from service.journal.bodies import Kept
from service.journal.journal import Journal
from service.journal.rows import read_kept

__all__ = ["Journal", "Kept", "read_kept"]
