"""Jobs: many articles added in the background, item by item, going on after whatever ended the process."""

from index.jobs.records import ENDED, Failure, Item, ItemState, Job, Limits, NewItem
from index.jobs.steps import Steps
from index.jobs.store import JobStore

__all__ = ["ENDED", "Failure", "Item", "ItemState", "Job", "JobStore", "Limits", "NewItem", "Steps"]
