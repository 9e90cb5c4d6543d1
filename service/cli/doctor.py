"""`pullquote doctor`."""

import typer
from rich.table import Table
from rich.text import Text

from service.cli.output import JsonOption, clean, console, errors_shown, plain, print_json
from service.doctor import diagnose, settings_table
from service.errors import SettingsError
from service.settings import Settings, load_settings

__all__ = ["register"]

_MARKS = {True: ("ok  ", "green"), False: ("bad ", "bold red"), None: ("note", "yellow")}


def register(app: typer.Typer) -> None:
    """Add the command to `app`."""
    app.command()(doctor)


def doctor(as_json: JsonOption = False) -> None:
    """Say what is installed, indexed and reachable, and what to do about what is not.

    Ends with 1 where something is bad.
    Example: `pullquote doctor`
    """
    with errors_shown():
        try:
            settings = load_settings()
        except SettingsError:
            _show_settings(
                {f"PULLQUOTE_{n.upper()}": ("", f.description or "") for n, f in Settings.model_fields.items()}
            )
            raise
        findings = diagnose(settings)
    if as_json:
        listed = [{"part": f.part, "ok": f.ok, "detail": f.detail, "remedy": f.remedy} for f in findings]
        print_json({"findings": listed, "settings": settings_table(settings)})
    else:
        for finding in findings:
            console().print(Text.assemble(_MARKS[finding.ok], clean(f" {finding.part}: {finding.detail}")))
            if finding.remedy:
                console().print(plain(f"     -> {finding.remedy}"))
        console().print()
        _show_settings(settings_table(settings))
    if any(finding.ok is False for finding in findings):
        raise typer.Exit(1)


def _show_settings(rows: dict[str, tuple[str, str]]) -> None:
    table = Table(box=None, pad_edge=False)
    table.add_column("setting", no_wrap=True)
    table.add_column("value", overflow="fold")
    table.add_column("what it is")
    for name, (value, description) in rows.items():
        table.add_row(name, plain(value), plain(description))
    console().print(table)
