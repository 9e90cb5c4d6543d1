"""Progress of a run: a bar on a terminal, lines elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from eval.runs.model import CaseRecord
from service.cli.output import stderr

__all__ = ["shown"]

_TELL = 20


@contextmanager
def shown(total: int, done: int) -> Iterator[Callable[[CaseRecord], None]]:
    """Yield what is to be called with each record that is done."""
    console = stderr()
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    wrong, ended = 0, done
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as bar:
        task = bar.add_task("asking", total=total, completed=done)

        def advance(record: CaseRecord) -> None:
            nonlocal wrong, ended
            wrong += not record.scores.get("outcome", 0)
            ended += 1
            bar.update(task, advance=1, description=f"asking, {wrong} other outcomes than expected")
            if not console.is_terminal and (ended % _TELL == 0 or ended == total):
                console.print(f"{ended} of {total}, {wrong} other outcomes than expected")

        yield advance
