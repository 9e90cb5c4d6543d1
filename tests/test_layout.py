"""What the sources look like from afar: the way of imports, the size of files and functions, and what is shipped."""

import ast
import re
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hatchling.builders.wheel import WheelBuilder

ROOT = Path(__file__).parent.parent
PACKAGES = ("eval", "index", "prompts", "service")
SOURCES = sorted(file for package in PACKAGES for file in (ROOT / package).rglob("*.py"))


def functions(file: Path) -> Iterator[tuple[str, int]]:
    """Yield name and lines of each function in a file."""
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node.name, (node.end_lineno or node.lineno) - node.lineno + 1


def test_imports_go_one_way() -> None:
    """The contracts of import-linter hold: eval imports service, service imports index and prompts, never back."""
    done = subprocess.run(  # noqa: S603  (our own environment)
        [Path(sys.executable).parent / "lint-imports", "--no-cache"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert done.returncode == 0, done.stdout
    assert re.search(r"[1-9]\d* kept, 0 broken", done.stdout)


def test_files_are_short() -> None:
    """No source file is longer than 300 lines."""
    assert len(SOURCES) > 50
    lengths = {str(file.relative_to(ROOT)): len(file.read_text().splitlines()) for file in SOURCES}
    assert {name: length for name, length in lengths.items() if length > 300} == {}


def test_functions_are_short() -> None:
    """No function is longer than 50 lines."""
    long = {
        f"{file.relative_to(ROOT)}:{name}": lines for file in SOURCES for name, lines in functions(file) if lines > 50
    }
    assert long == {}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """Return the names of the files in the wheel."""
    folder = tmp_path_factory.mktemp("wheel")
    (built,) = WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])
    with zipfile.ZipFile(built) as archive:
        return archive.namelist()


def test_the_wheel_holds_the_four_packages(wheel: list[str]) -> None:
    """The wheel installs four packages and its own metadata, nothing else."""
    folders = {name.partition("/")[0] for name in wheel}
    assert {folder for folder in folders if not folder.endswith(".dist-info")} == set(PACKAGES)
    assert len(folders) == len(PACKAGES) + 1


def test_the_wheel_holds_every_source(wheel: list[str]) -> None:
    """All modules and prompts are in the wheel, the licence and the command too, and nothing that was compiled."""
    prompts = sorted((ROOT / "prompts").glob("*.jinja"))
    assert prompts
    assert {file.relative_to(ROOT).as_posix() for file in (*SOURCES, *prompts)} <= set(wheel)
    assert [name for name in wheel if name.endswith(("licenses/LICENSE", "entry_points.txt"))]
    assert not [name for name in wheel if name.endswith((".pyc", ".db"))]
