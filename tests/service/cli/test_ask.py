import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from typer.testing import Result

Run = Callable[..., Result]
OPENED = "The Gannet Bridge opened on Thursday."


@pytest.fixture
def ask(pullquote: Run, news: Path) -> Run:
    """Return what asks of a library of four articles."""
    pullquote("add", news)

    def run(*arguments: str, **variables: str) -> Result:
        return pullquote("ask", *arguments, **variables)

    return run


def test_an_answer_is_printed_with_its_proof(ask: Run) -> None:
    """The answer has a marker; under it stand the quoted sentence, title, outlet and date, and how old that is."""
    result = ask("When was the Gannet Bridge opened?")
    assert (result.exit_code, result.stderr) == (0, "")
    *proof, gap, note = result.stdout.splitlines()
    assert proof == [
        f"{OPENED}[1]",
        f"[1] “{OPENED}”",
        "    Gannet Bridge opens, The Harbour Courier, 2024-10-04",
    ]
    assert gap == ""
    assert re.fullmatch(r"Note: the newest cited article is from 2024-10-04, \d+ years?.* before the question\.", note)


def test_the_quote_stands_at_its_offsets(ask: Run, pullquote: Run) -> None:
    """With `--json`, each citation's offsets cut its quote out of the article that `show --json` gives."""
    answer = json.loads(ask("When was the Gannet Bridge opened?", "--json").stdout)
    (citation,) = answer["citations"]
    article = json.loads(pullquote("show", citation["article_id"], "--json").stdout)
    assert article["version"] == citation["version"]
    assert article["text"][citation["start"] : citation["end"]] == citation["quote"] == OPENED


def test_what_the_articles_do_not_say(ask: Run) -> None:
    """Where the model finds no answer, this is said with the nearest sentences, and the exit code is 0."""
    result = ask("Who is the president of France?")
    assert result.exit_code == 0
    assert result.stdout.startswith("Not in these articles. (no_evidence)\n\nThe nearest sentences:\n ·  “")
    assert "[1]" not in result.stdout


def test_an_answer_in_part_says_what_is_missing(ask: Run) -> None:
    """What was found is printed with its proof, then what came nearest, and the part that the articles do not say."""
    result = ask("When was the Gannet Bridge opened and who is the president of France?")
    assert result.exit_code == 0
    lines = result.stdout.splitlines()
    assert lines[:2] == [f"When was the Gannet Bridge opened? {OPENED}[1]", f"[1] “{OPENED}”"]
    assert lines.index("The nearest sentences:") < lines.index("Not in these articles: Who is the president of France?")


def test_a_window_is_printed_with_the_words_that_asked_for_it(ask: Run, pullquote: Run, news: Path) -> None:
    """Where a question asks for what was reported lately, its window stands below the answer."""
    today = datetime.now(UTC).date()
    (news / "now.jsonl").write_text(
        json.dumps({"id": "now", "text": "The dam was mended.", "published_at": today.isoformat()})
    )
    pullquote("add", news)
    result = ask("Which dam was mended according to news reported this year?")
    assert result.exit_code == 0
    assert f"Searched what was published from {today.year}-01-01 to before " in result.stdout
    assert "(“news reported this year”)." in result.stdout


def test_an_invented_answer_is_left_out(ask: Run) -> None:
    """An answer that no sentence states is not given as one; what was left out is said."""
    result = ask("Who opened the Gannet Bridge?", chat_model="fake:invent")
    assert result.exit_code == 0
    assert result.stdout.startswith("Not in these articles. (unsupported)\n")
    assert "Left out: Emperor Norton the Ninth led them." in result.stdout


@pytest.mark.parametrize(("model", "reason"), [("down", "model_unavailable"), ("nonsense", "model_invalid")])
def test_a_model_that_decides_nothing(ask: Run, model: str, reason: str) -> None:
    """Where the model is down or gives nonsense, nothing was decided: exit code 3, with the nearest sentences."""
    result = ask("When was the Gannet Bridge opened?", chat_model=f"fake:{model}")
    assert result.exit_code == 3
    assert result.stdout.startswith(f"Nothing was decided. ({reason})\n\nThe nearest sentences:\n")
    assert result.stderr.startswith("chat: ")
    assert "sk-canary" not in result.output


def test_a_failed_answer_as_json(ask: Run) -> None:
    """With `--json`, the outcome of an undecided question is `failed`, and the exit code is 3 too."""
    result = ask("When was the Gannet Bridge opened?", "--json", chat_model="fake:down")
    assert result.exit_code == 3
    assert json.loads(result.stdout)["outcome"] == "failed"


def test_a_model_that_hangs(ask: Run) -> None:
    """A model that never answers is given up after PULLQUOTE_CHAT_TIMEOUT_S."""
    result = ask("When was the Gannet Bridge opened?", chat_model="fake:hang", chat_timeout_s="0.2")
    assert result.exit_code == 3
    assert "(model_timeout)" in result.stdout
    assert "fake:hang gave no answer within 0.2 seconds" in result.stderr


def test_a_model_without_structured_output(ask: Run) -> None:
    """An answer made with less than was wanted says so on standard error."""
    result = ask("When was the Gannet Bridge opened?", chat_model="fake:plain")
    assert (result.exit_code, result.stdout.splitlines()[0]) == (0, f"{OPENED}[1]")
    assert "structured_output: the model has no structured output" in result.stderr


def test_an_empty_library(pullquote: Run, tmp_path: Path) -> None:
    """A question of an empty library is not found; its folder is named, with how to fill it or name another."""
    result = pullquote("ask", "When?")
    assert result.exit_code == 0
    assert result.stdout.startswith(f"There are no articles yet in {tmp_path / 'data'}; `pullquote add`")
    assert result.stdout.endswith("(index_empty)\n")


def test_filters(ask: Run) -> None:
    """Outlet and dates narrow the articles; where none is left, the reason says so."""
    question = "When was the Gannet Bridge opened?"
    inside = ("--outlet", "The Harbour Courier", "--from", "2024-10", "--to", "2024-10-05")
    assert ask(question, *inside).stdout.startswith(OPENED)
    none = "No article passes the filters. (no_articles_match_filters)\n"
    assert ask(question, "--to", "2020").stdout == none
    assert OPENED not in ask(question, "--outlet", "Saltmere Ledger").stdout


@pytest.mark.parametrize("option", ["--from", "--to"])
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_date_that_is_none(pullquote: Run, command: str, option: str) -> None:
    """A filter that is no date is a wrong use: exit code 2, naming the option and the accepted forms."""
    result = pullquote(command, "When?", option, "last week")
    assert result.exit_code == 2
    assert result.stderr.startswith(f"Error: {option}: ")
    assert "2022-06-13" in result.stderr


@pytest.mark.parametrize(
    ("question", "problem"),
    [("", "is empty"), ("?!", "is empty"), ("a" * 2001, "has 2001 characters"), ("caf\udce9", "half a character")],
)
@pytest.mark.parametrize("command", ["ask", "search"])
def test_a_question_that_cannot_be_asked(pullquote: Run, command: str, question: str, problem: str) -> None:
    """An empty, too long or broken question ends with 1 and says what is wrong with it."""
    result = pullquote(command, question)
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: the question ")
    assert problem in result.stderr


def test_a_search(pullquote: Run, news: Path) -> None:
    """Passages are numbered, the best first, each with its article, its offsets and its score."""
    pullquote("add", news)
    lines = pullquote("search", "ferry to Port Ellis", "--limit", "2").stdout.splitlines()
    assert lines[0].startswith("1. ")
    assert " [0:69]  score " in lines[0]
    assert lines[1] == "The ferry to Port Ellis sails again. It had been laid up since March."
    assert len([line for line in lines if " score " in line]) == 2


def test_a_search_that_finds_nothing(pullquote: Run) -> None:
    """A search of an empty library says why nothing was found."""
    assert pullquote("search", "ferry").stdout == "Nothing found (index_empty).\n"


def test_escape_sequences_do_not_reach_the_terminal(pullquote: Run, tmp_path: Path) -> None:
    """Control characters of an article's title or text are not printed, so that no article steers the terminal."""
    article = '---\ntitle: "\\e[31mRed bridge\\e[0m"\n---\nThe red\x1b]0;owned\x07 bridge \x1b[2Jopened \x9b31mtoday.'
    (tmp_path / "escape.md").write_text(article)
    pullquote("add", tmp_path / "escape.md")
    for command in (("list",), ("ask", "When was the red bridge opened?"), ("search", "red bridge")):
        assert not {"\x1b", "\x07", "\x9b"} & set(pullquote(*command).output), command
