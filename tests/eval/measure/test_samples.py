import re
from pathlib import Path

import pytest

from eval.bench.errors import DataMissingError
from eval.measure.cases import Case, MeasureSet, Page
from eval.measure.errors import SetFormatError
from eval.measure.samples import SAMPLES, load_samples, read_pages
from eval.metrics.normalise import holds, normalise
from eval.metrics.right import is_right
from index import make_article
from index.reading import Read, read_articles
from service.contract.requests import AskIn, Turn

PREFIXES = {"S": "single", "M": "multi-hop", "F": "follow-up", "U": "unanswerable", "T": "temporal", "C": "conflict"}
README = (SAMPLES / "README.md").read_text(encoding="utf-8")
ROWS = {
    cells[0]: cells[1:]
    for cells in ([cell.strip() for cell in line.strip("|").split(" | ")] for line in README.splitlines())
    if re.fullmatch(r"[SMFUTC]\d+", cells[0])
}


@pytest.fixture(scope="module")
def loaded() -> MeasureSet:
    """Return the samples."""
    return load_samples()


@pytest.fixture(scope="module")
def by_number(loaded: MeasureSet) -> dict[str, Case]:
    """Return the cases by their number in the README."""
    return {case.id.removeprefix("samples:"): case for case in loaded.cases}


def test_all_planned_questions_are_there(loaded: MeasureSet, by_number: dict[str, Case]) -> None:
    """The 65 questions of the README are there under their numbers and slices, with all 32 articles."""
    assert list(by_number) == list(ROWS)
    assert all(case.extra["slice"] == PREFIXES[number[0]] for number, case in by_number.items())
    assert len(loaded.cases) == 65
    assert len({page.id for page in loaded.documents}) == 32


@pytest.mark.parametrize("number", ROWS)
def test_the_readme_says_the_same(number: str, by_number: dict[str, Case]) -> None:
    """Question, proof and files are those of the README, and a word that it prints in bold is accepted."""
    case, cells = by_number[number], ROWS[number]
    assert case.question == cells[1 if number[0] == "F" else 0]
    pages = {page.id: name for name, page in read_pages().items()}
    named = {*case.gold_articles, *" ".join(case.extra.get(key, "") for key in ("replaced", "nearest")).split()}
    assert {pages[article_id] for article_id in named} == set(re.findall(r"`([^`]+\.md)`", cells[-1]))
    if number[0] == "U":
        return
    quoted = [quote.replace("**", "") for quote in re.findall(r'"([^"]+)"', cells[-1].split("replaced:")[0])]
    assert set(case.evidence) == set(quoted)
    for bold in re.findall(r"\*\*([^*]+)\*\*", cells[-2]):
        assert is_right(bold, case.golds)


@pytest.mark.parametrize("number", [number for number in ROWS if number[0] != "U"])
def test_what_is_accepted_stands_in_a_proof(number: str, by_number: dict[str, Case], loaded: MeasureSet) -> None:
    """One accepted string stands in an article that proves the answer, and one of each group in one of them."""
    case = by_number[number]
    told = [normalise(page.text) for page in loaded.documents if page.id in case.gold_articles]
    for group in (case.golds, *case.required):
        assert any(holds(text, normalise(accepted)) for text in told for accepted in group), group


def test_what_cannot_be_answered_has_no_answer(by_number: dict[str, Case]) -> None:
    """The twelve unanswerable questions have no gold; seven of them an article says were not given out."""
    without = {number: case for number, case in by_number.items() if not case.answerable}
    assert set(without) == {number for number in ROWS if number[0] == "U"}
    assert not any(case.golds or case.required or case.spans for case in without.values())
    undisclosed = [number for number, case in without.items() if case.extra.get("undisclosed")]
    (said,) = re.findall(r"For (U[\dU, and]+) an article says", README)
    assert undisclosed == re.findall(r"U\d+", said)


def test_follow_ups_have_a_history(by_number: dict[str, Case]) -> None:
    """Each starts with the first question of the README, and is answered before the next is asked."""
    for number, case in by_number.items():
        roles = [role for role, _ in case.history]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert bool(roles) is (number[0] == "F")
        if number[0] == "F" and number != "F4":
            assert case.history[0][1] == ROWS[number][0]
    assert by_number["F4"].history[:3] == (*by_number["F3"].history, ("user", by_number["F3"].question))


def test_both_sides_of_an_open_conflict_are_required(by_number: dict[str, Case]) -> None:
    """Every conflict requires two things; the first four accept either side as right."""
    assert all(len(by_number[f"C{i}"].required) == 2 for i in range(1, 9))
    for i in range(1, 5):
        case = by_number[f"C{i}"]
        assert all(
            any(is_right(side[0], [gold]) or is_right(gold, side) for gold in case.golds) for side in case.required
        )


def test_the_service_takes_every_question(loaded: MeasureSet) -> None:
    """Questions and histories are within what the service accepts."""
    for case in loaded.cases:
        history = [Turn.model_validate({"role": role, "content": content}) for role, content in case.history]
        assert AskIn(question=case.question, history=history).question == case.question


def test_pages_are_what_is_added(samples: Path) -> None:
    """A page has the id, text and fields of the article that `pullquote add` makes of its file."""
    added = {
        item.article.id: item.article for item in read_articles(samples, max_bytes=100_000) if isinstance(item, Read)
    }
    pages = read_pages()
    assert sorted(added) == sorted(page.id for page in pages.values())
    for name, page in pages.items():
        fields = {key: value for key, value in vars(page).items() if value}
        article = make_article(fields, place=name)
        assert (article.version, article.meta_version) == (added[page.id].version, added[page.id].meta_version)


def folder_with(tmp_path: Path, article: str, question: str) -> Path:
    """Return a folder of one article and one question."""
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "a.md").write_text(article, encoding="utf-8")
    (tmp_path / "questions.jsonl").write_text(question, encoding="utf-8")
    return tmp_path


QUESTION = """{"id": "S1", "slice": "single", "question": "What?", "history": [], "asked_at": "2022-06-20",
"expected": ["Two"], "outcome": "answered", "proof": {"a.md": ["Two."]}, "note": "Two"}""".replace("\n", " ")


def test_another_folder_can_be_read(tmp_path: Path) -> None:
    """Articles and questions of any folder of this form are read, with the moment of asking."""
    folder = folder_with(tmp_path, "---\nurl: https://a.example/b\nauthor: Ann\n---\n# One\n\n**Two.**", QUESTION)
    whole = load_samples(folder)
    (page,) = whole.documents
    assert isinstance(page, Page)
    assert (page.title, page.author, page.outlet, page.text) == ("One", "Ann", None, "One\n\nTwo.")
    (case,) = whole.cases
    assert (case.spans, case.evidence, case.asked_at) == (((page.id, 5, 9),), ("Two.",), "2022-06-20")
    assert (case.extra, case.gold_articles) == (
        {"slice": "single", "outcome": "answered", "note": "Two"},
        (page.id,),
    )


def test_what_is_wrong_with_a_folder_is_said(tmp_path: Path) -> None:
    """No article, an article that is refused, and a quote that stands nowhere are errors."""
    with pytest.raises(DataMissingError, match="there are no articles in"):
        read_pages(tmp_path)
    folder = folder_with(tmp_path, "---\nurl: https://a.example/b\n---\nOne.", QUESTION)
    with pytest.raises(SetFormatError, match=r"'Two\.' does not stand"):
        load_samples(folder)
    (folder / "articles" / "a.md").write_text("", encoding="utf-8")
    with pytest.raises(SetFormatError, match=r"a\.md: is refused .* is empty"):
        read_pages(folder)
