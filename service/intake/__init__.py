"""Intake: what is read becomes articles, and sources that are followed are kept up with."""

from service.intake.dry import DryStore, Nothing
from service.intake.intake import Intake, Store
from service.intake.looks import STANDARD_INPUT, Looks, count_inputs, is_address
from service.intake.syncing import Synced, follow, sync_all, sync_source
from service.intake.tally import CHANGES, Tally

__all__ = [
    "CHANGES",
    "STANDARD_INPUT",
    "DryStore",
    "Intake",
    "Looks",
    "Nothing",
    "Store",
    "Synced",
    "Tally",
    "count_inputs",
    "follow",
    "is_address",
    "sync_all",
    "sync_source",
]
