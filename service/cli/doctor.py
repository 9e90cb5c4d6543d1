"""`pullquote doctor`."""

import typer
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from service.cli.output import JsonOption, console, errors_shown, print_json
from service.doctor import diagnose, settings_table
from service.settings import load_settings

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
        settings = load_settings()
        findings = diagnose(settings)
    if as_json:
        listed = [{"part": f.part, "ok": f.ok, "detail": f.detail, "remedy": f.remedy} for f in findings]
        print_json({"findings": listed, "settings": settings_table(settings)})
    else:
        for finding in findings:
            console().print(Text.assemble(_MARKS[finding.ok], f" {finding.part}: {finding.detail}"))
            if finding.remedy:
                console().print(Text(f"     -> {finding.remedy}"))
        table = Table("setting", "value", "what it is", box=None, pad_edge=False)
        for name, (value, description) in settings_table(settings).items():
            table.add_row(name, escape(value), escape(description))
        console().print()
        console().print(table)
    if any(finding.ok is False for finding in findings):
        raise typer.Exit(1)
