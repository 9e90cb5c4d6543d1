import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import Result

from service.settings import Settings

Run = Callable[..., Result]


def test_all_is_well(pullquote: Run, news: Path) -> None:
    """With models that are there and a library, the exit code is 0 and nothing is bad."""
    pullquote("add", news)
    result = pullquote("doctor")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "bad " not in result.stdout
    assert "ok   library: 4 articles, 6 sentences in " in result.stdout


def test_every_setting_is_listed(pullquote: Run, tmp_path: Path) -> None:
    """Each setting stands there with its value and what it is."""
    result = pullquote("doctor", max_asks="17", models_dir="models [bold]")
    for name, field in Settings.model_fields.items():
        assert f"PULLQUOTE_{name.upper()} " in result.stdout
        assert all(word in result.stdout for word in str(field.description).split())  # a long one takes two lines
    assert str(tmp_path / "data") in result.stdout
    assert "17" in result.stdout
    assert "[bold]" in result.stdout


def test_secrets_are_hidden(pullquote: Run) -> None:
    """A key among the options of a provider is printed neither in words nor as JSON."""
    for options in ((), ("--json",)):
        result = pullquote(
            "doctor", *options, chat_options='{"api_key": "sk-canary"}', chat_model="openai:gpt-4.1-mini"
        )
        assert "PULLQUOTE_CHAT_OPTIONS" in result.output
        assert "sk-canary" not in result.output


def test_what_is_missing_has_a_remedy(pullquote: Run) -> None:
    """Missing model files are bad, the remedy stands below them, and the exit code is 1."""
    default = {"encoder": "sentence-transformers/all-MiniLM-L6-v2", "chat_model": "local:qwen2.5-coder-1.5b-instruct"}
    result = pullquote("doctor", **default)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    for part in ("encoder", "chat model"):
        (number,) = (n for n, line in enumerate(lines) if line.startswith(f"bad  {part}: "))
        assert lines[number + 1] == "     -> run `pullquote models pull`"


def test_findings_as_json(pullquote: Run) -> None:
    """With `--json` the same findings and settings come for programs, and the same exit code."""
    result = pullquote("doctor", "--json", encoder="nosuch")
    body = json.loads(result.stdout)
    assert result.exit_code == 1
    (encoder,) = (finding for finding in body["findings"] if finding["part"] == "encoder")
    assert encoder["ok"] is False
    assert "PULLQUOTE_ENCODER" in encoder["remedy"]
    assert body["settings"]["PULLQUOTE_ENCODER"][0] == "nosuch"


def test_a_refused_setting_says_where_the_known_ones_are(pullquote: Run) -> None:
    """The doctor, whom the error about an unknown setting names, lists the known ones in spite of it."""
    result = pullquote("doctor", bnid="127.0.0.1:9")
    assert result.exit_code == 1
    assert "PULLQUOTE_BNID" in result.output
    assert "PULLQUOTE_BIND" in result.output
