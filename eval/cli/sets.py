"""`pullquote eval check`, `schema` and `import`."""

from pathlib import Path
from typing import Annotated

import typer

from eval.cli.output import eval_errors_shown
from service.cli.output import console, fail, print_json

__all__ = ["register"]


def register(app: typer.Typer) -> None:
    """Add the commands to `app`."""
    app.command()(check)
    app.command()(schema)
    app.command("import")(import_)


def check(set_name: Annotated[str, typer.Argument(metavar="SET", help="Folder with a set.toml, or samples.")]) -> None:
    """Check a set: every quote stands in its article, every answer in what proves it, no case is there twice.

    Ends with 1 where something is wrong. Example: `pullquote eval check my-set/`
    """
    from eval.cases import load_articles, problems, read_set, set_folder  # noqa: PLC0415

    with eval_errors_shown():
        case_set = read_set(set_name)
        articles = load_articles(case_set, set_folder(set_name))
        found = problems(case_set, articles)
    for line in found:
        console().print(line, markup=False)
    if found:
        fail(f"{len(found)} problems in {len(case_set.cases)} cases")
    console().print(f"{len(case_set.cases)} cases over {len(articles)} articles, nothing wrong")


def schema() -> None:
    """Print the JSON schema of a case, one of which stands on each line of a set's files.

    Example: `pullquote eval schema > case.schema.json`
    """
    from eval.cases import case_schema  # noqa: PLC0415

    print_json(case_schema())


def import_(
    kind: Annotated[str, typer.Argument(help="squad, beir or mtrag.")],
    source: Annotated[Path, typer.Argument(help="The file of SQuAD or MTRAG, or the folder of BEIR.")],
    out: Annotated[Path, typer.Argument(help="New folder for the set.")],
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many cases, spread evenly.")] = None,
) -> None:
    """Make a set of files in a public format, with its articles.

    Example: `pullquote eval import squad dev-v2.0.json my-set/ --limit 200`
    """
    from eval.cases.importers import IMPORTERS  # noqa: PLC0415

    if kind not in IMPORTERS:
        fail(f"{kind!r} cannot be imported; take {', '.join(IMPORTERS)}", 2)
    with eval_errors_shown():
        case_set = IMPORTERS[kind](source, out, limit=limit)
    console().print(f"{len(case_set.cases)} cases written to {out}; `pullquote eval run {out}` asks them", markup=False)
