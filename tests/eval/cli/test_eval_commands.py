import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from eval.runs.files import read_run
from service.cli.main import make_app

pytestmark = pytest.mark.slow

Run = Callable[..., Result]
SET = Path(__file__).parents[3] / "eval" / "sets"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """Return what runs a command of the evals with models that are fast and always alike."""
    for name, value in {"CHAT_MODEL": "fake:extract", "ENCODER": "fake", "DATA_DIR": str(tmp_path / "data")}.items():
        monkeypatch.setenv(f"PULLQUOTE_{name}", value)

    def invoke(*arguments: object) -> Result:
        return CliRunner().invoke(make_app(), ["eval", *map(str, arguments)])

    return invoke


@pytest.fixture
def recorded(run: Run, tmp_path: Path) -> Path:
    """Return a run of the conflict slice that was recorded; the recordings lie beside it."""
    out = tmp_path / "base.jsonl"
    ended = run("run", "samples", *recording(tmp_path, "record"), "--out", out)
    assert ended.exit_code == 0, ended.output
    return out


def recording(folder: Path, mode: str) -> tuple[object, ...]:
    """Return the options of a run of one slice over recordings in `folder`."""
    return "--slice", "conflict", "--mode", mode, "--recordings", folder / "recordings"


@pytest.mark.parametrize("mode", ["replay", "mixed"])
def test_a_replay_is_alike_and_needs_no_model(
    run: Run, recorded: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str
) -> None:
    """What was recorded is answered anew with a model that refuses everything, word for word, and is not worse."""
    out = tmp_path / f"{mode}.jsonl"
    monkeypatch.setattr("eval.runs.command.make_chat", lambda _: pytest.fail("a replay asks no model"))
    assert run("run", "samples", *recording(tmp_path, mode), "--out", out).exit_code == 0
    base, new = read_run(recorded), read_run(out)
    assert [record.case.id for record in new.records] == [record.case.id for record in base.records]
    assert len(new.records) >= 15
    for one, other in zip(base.records, new.records, strict=True):
        assert one.answer
        assert other.answer
        assert other.answer.answer == one.answer.answer
        assert other.search == one.search
    compared = run("compare", recorded, out)
    assert compared.exit_code == 0, compared.output
    assert "not worse" in compared.output


def test_what_is_not_recorded_ends_with_3_and_is_named(run: Run, recorded: Path, tmp_path: Path) -> None:
    """A question whose calls are not recorded is no wrong answer: it is named, and the exit code is 3."""
    calls = tmp_path / "recordings" / "calls.jsonl"
    rows = calls.read_text("utf-8").splitlines()
    calls.write_text("\n".join(rows[: len(rows) // 2]) + "\n", "utf-8")
    out = tmp_path / "half.jsonl"
    ended = run("run", "samples", *recording(tmp_path, "replay"), "--out", out)
    assert ended.exit_code == 3
    missed = [record.case.id for record in read_run(out).records if record.error and record.error.kind == "miss"]
    assert missed
    assert all(name in ended.output for name in missed)
    assert len(missed) < len(read_run(recorded).records)


def test_an_interrupted_run_goes_on(run: Run, recorded: Path, tmp_path: Path) -> None:
    """A run file that was cut off within a line is gone on with: each case is there once."""
    lines = recorded.read_text("utf-8").splitlines()
    cut = tmp_path / "cut.jsonl"
    cut.write_text("\n".join(lines[:6]) + "\n" + lines[6][:99], "utf-8")
    ended = run("run", "samples", *recording(tmp_path, "record"), "--out", cut)
    assert ended.exit_code == 0, ended.output
    ids = [record.case.id for record in read_run(cut).records]
    assert sorted(ids) == sorted({*ids})
    assert len(ids) == len(lines) - 1


def test_a_run_that_goes_on_forgets_no_recording(run: Run, tmp_path: Path) -> None:
    """Recordings that a whole run no longer asks for go; what the part before an interruption asked stays."""
    own = tmp_path / "own"
    own.mkdir()
    (own / "set.toml").write_bytes((SET / "set.toml").read_bytes())
    (own / "planted").symlink_to(SET / "planted")
    (tmp_path / "samples").symlink_to(SET.parent / "samples")
    cases = (SET / "injection.jsonl").read_text("utf-8").splitlines()[:4]
    (own / "few.jsonl").write_text("\n".join(cases) + "\n", "utf-8")
    out, calls = tmp_path / "run.jsonl", own / "recordings" / "calls.jsonl"
    ended = run("run", own, "--mode", "record", "--out", out)
    assert ended.exit_code == 0, ended.output
    whole = calls.read_bytes()
    calls.write_text(calls.read_text("utf-8") + '{"key": "of no question"}\n', "utf-8")
    assert run("run", own, "--mode", "record", "--out", tmp_path / "again.jsonl").exit_code == 0
    assert calls.read_bytes() == whole
    lines = out.read_text("utf-8").splitlines()
    out.write_text("\n".join(lines[:3]) + "\n", "utf-8")
    assert run("run", own, "--mode", "record", "--out", out).exit_code == 0
    assert calls.read_bytes() == whole


def test_a_file_of_another_run_is_not_gone_on_with(run: Run, recorded: Path, tmp_path: Path) -> None:
    """Going on with other settings is refused, naming what differs; the file stays."""
    before = recorded.read_bytes()
    ended = run("run", "samples", *recording(tmp_path, "replay"), "--out", recorded)
    assert ended.exit_code == 2
    assert "mode" in ended.output
    assert recorded.read_bytes() == before


def test_a_worse_run_is_told_by_1(run: Run, recorded: Path, tmp_path: Path) -> None:
    """A run whose outcomes are all wrong fails the gates."""
    worse = tmp_path / "worse.jsonl"
    head, *lines = recorded.read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    for row in rows:
        row["scores"] = {**row["scores"], "quote_valid": 0.0}
    worse.write_text("\n".join([head, *map(json.dumps, rows)]) + "\n", "utf-8")
    html, markdown = tmp_path / "report.html", tmp_path / "report.md"
    ended = run("compare", recorded, worse, "--html", html, "--markdown", markdown)
    assert ended.exit_code == 1, ended.output
    assert "Failed: 1 of" in markdown.read_text("utf-8")
    assert "<script src" not in html.read_text("utf-8")


def test_what_is_no_run_cannot_be_compared(run: Run, recorded: Path, tmp_path: Path) -> None:
    """A file that is no run ends with 2 and a message that names it."""
    other = tmp_path / "other.jsonl"
    other.write_text('{"a": 1}\n', "utf-8")
    ended = run("compare", recorded, other)
    assert ended.exit_code == 2
    assert "other.jsonl" in ended.output


def test_a_report_is_written_beside_its_run(run: Run, recorded: Path) -> None:
    """The report holds every question."""
    assert run("report", recorded).exit_code == 0
    page = recorded.with_suffix(".html").read_text("utf-8")
    assert all(f'id="{record.case.id}' in page or record.case.id in page for record in read_run(recorded).records)


def test_the_bundled_set_is_checked(run: Run) -> None:
    """Nothing is wrong with the project's own set."""
    ended = run("check", "samples")
    assert ended.exit_code == 0, ended.output
    assert "nothing wrong" in ended.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("run", "nowhere"), "nowhere"),
        (("run", "samples", "--mode", "http"), "http"),
        (("run", "samples", "--mode", "replay", "--url", "http://127.0.0.1:9"), "--mode"),
        (("run", "samples", "--slice", "none"), "none"),
        (("run", "samples", "--url", "http://127.0.0.1:9"), "nobody answers"),
        (("import", "csv", "a", "b"), "csv"),
    ],
)
def test_what_cannot_be_run_ends_with_2(run: Run, tmp_path: Path, arguments: tuple[str, ...], said: str) -> None:
    """Each mistake is named."""
    more = ("--out", tmp_path / "out.jsonl") if arguments[0] == "run" else ()
    ended = run(*arguments, *more)
    assert ended.exit_code == 2, ended.output
    assert said in ended.output


def test_an_unknown_setting_is_refused(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A misspelt variable ends a run with 1, before anything is asked, and is named."""
    monkeypatch.setenv("PULLQUOTE_CHAT_MODLE", "fake:extract")
    ended = run("run", "samples", "--out", tmp_path / "out.jsonl")
    assert ended.exit_code == 1
    assert "PULLQUOTE_CHAT_MODLE" in ended.output
    assert not (tmp_path / "out.jsonl").exists()


def test_the_schema_is_json(run: Run) -> None:
    """It names the fields of a case."""
    assert {"id", "slice", "question", "outcome"} <= json.loads(run("schema").output)["properties"].keys()
