import json
from collections import defaultdict
from pathlib import Path

import pytest

from eval.cases import SetExistsError, SetFormatError, SetMissingError, load_articles, problems
from eval.cases.importers import import_squad

PUBLIC = Path(__file__).parents[4].parent / "shared" / "data" / "squad"

FIRST = "Rollo was a Viking. He ruled from 911 to 928. The town is old."
SECOND = "He ruled from 911 to 928. Others came later (928–933)."


def question(number: int, text: str, *answers: tuple[str, int], impossible: bool | None = False) -> dict[str, object]:
    """Return a question in the official form; that of 1.1 where `impossible` is None."""
    marked = [{"text": answer, "answer_start": start} for answer, start in answers]
    row: dict[str, object] = {"id": f"56{number}", "question": text, "answers": marked}
    return row if impossible is None else {**row, "is_impossible": impossible}


def official(tmp_path: Path, *paragraphs: tuple[str, list[dict[str, object]]], title: str = "Old_Normans") -> Path:
    """Return a file of one article."""
    data = [{"title": title, "paragraphs": [{"context": text, "qas": qas} for text, qas in paragraphs]}]
    file = tmp_path / "dev-v2.0.json"
    file.write_text(json.dumps({"version": "v2.0", "data": data}))
    return file


def test_a_file_becomes_a_clean_set(tmp_path: Path) -> None:
    """Paragraphs make an article; answers of all annotators are aliases; the impossible is to be refused."""
    asked = [
        question(1, " Who was a Viking?", ("Rollo", 0), ("Rollo", 0), ("Rollo was a Viking", 0)),
        question(2, "Who was a Dane?", impossible=True),
        {**question(3, "Where?", impossible=True), "plausible_answers": [{"text": "town", "answer_start": 50}]},
    ]
    whole = import_squad(official(tmp_path, (FIRST, asked), (SECOND, [])), tmp_path / "out")
    articles = load_articles(whole, tmp_path / "out")
    assert problems(whole, articles) == []
    assert [(one.id, one.title, one.text) for one in articles] == [
        ("Old_Normans", "Old Normans", f"{FIRST}\n\n{SECOND}")
    ]
    first, second, third = whole.cases
    assert (first.id, first.slice, first.outcome) == ("561", "single", "answered")
    assert first.answers == (("Rollo", "Rollo was a Viking"),)
    assert [[span.quote for span in group] for group in first.required] == [["Rollo was a Viking."]]
    for case in (second, third):
        assert (case.slice, case.outcome, case.answers, case.required) == ("unanswerable", "not_found", (), ())


def test_each_annotator_may_mark_another_sentence(tmp_path: Path) -> None:
    """Sentences that different annotators mark are spans of one group, of which one is enough."""
    asked = [question(1, "What of the past?", ("911", 34), ("old", 58), ("911", 34))]
    (case,) = import_squad(official(tmp_path, (FIRST, asked)), tmp_path / "out").cases
    assert [[span.quote for span in group] for group in case.required] == [
        ["He ruled from 911 to 928.", "The town is old."]
    ]


def test_a_quote_is_long_enough_to_stand_first_where_it_was_marked(tmp_path: Path) -> None:
    """A sentence that stands earlier in the article is quoted with those around it, here with its whole paragraph."""
    asked = [question(1, "Until when did he rule?", ("928", 21))]
    (case,) = import_squad(official(tmp_path, (FIRST, []), (SECOND, asked)), tmp_path / "out").cases
    assert [span.quote for span in case.required[0]] == [SECOND]
    repeated = f"{FIRST} He ruled from 911 to 928. So they say."
    again = [question(1, "Until when did he rule?", ("928", len(FIRST) + 22))]
    (case,) = import_squad(official(tmp_path, (repeated, again)), tmp_path / "again").cases
    assert [span.quote for span in case.required[0]] == ["The town is old. He ruled from 911 to 928."]


def test_version_1_1_has_no_impossible_questions(tmp_path: Path) -> None:
    """A file without `is_impossible` is read as all answerable."""
    asked = [question(1, "Who was a Viking?", ("Rollo", 0), impossible=None)]
    (case,) = import_squad(official(tmp_path, (FIRST, asked)), tmp_path / "out").cases
    assert case.outcome == "answered"


def test_an_answer_within_a_word_is_noted(tmp_path: Path) -> None:
    """What scoring by words cannot find in the sentence is kept, and told as derived, so that the set stays clean."""
    asked = [question(1, "When did others come?", ("928", SECOND.index("928–")))]
    whole = import_squad(official(tmp_path, (SECOND[26:], [{**asked[0], "answers": [
        {"text": "928", "answer_start": SECOND[26:].index("928")}]}])), tmp_path / "out")  # fmt: skip
    assert whole.cases[0].note.startswith("derived")
    assert problems(whole, load_articles(whole, tmp_path / "out")) == []


def test_offsets_hold_where_storing_changes_a_text(tmp_path: Path) -> None:
    """Accents written apart are joined in an article; quotes and answers follow, and so do the places before them."""
    context = "Cafe\u0301 Re\u0301my opened. It costs four. It costs four. The cafe\u0301 closed."
    asked = [
        question(1, "What opened?", ("Cafe\u0301 Re\u0301my", 0)),
        question(2, "What closed?", ("cafe\u0301", context.index("cafe"))),
    ]
    whole = import_squad(official(tmp_path, (context, asked), title="Caf%C3%A9"), tmp_path / "out")
    (article,) = load_articles(whole, tmp_path / "out")
    assert article.title == "Café"
    assert problems(whole, [article]) == []
    assert [case.answers[0][0] for case in whole.cases] == ["Café Rémy", "café"]
    assert [case.required[0][0].quote for case in whole.cases] == ["Café Rémy opened.", "The café closed."]


def test_what_cannot_be_used_is_left_out(tmp_path: Path) -> None:
    """Empty questions, questions asked before, and answers that do not stand where they are marked are left out."""
    asked = [
        question(1, "  ", ("Rollo", 0)),
        question(2, "Who?", ("Rollo", 0)),
        question(3, "WHO? ", ("town", 50)),
        question(4, "Where?", ("town", 3)),
    ]
    whole = import_squad(official(tmp_path, (FIRST, asked)), tmp_path / "out")
    assert [case.id for case in whole.cases] == ["562"]


def test_a_limit_draws_some(tmp_path: Path) -> None:
    """As many questions as wanted are drawn, the same each time; all articles stay."""
    asked = [question(i, f"Who was number {i}?", ("Rollo", 0)) for i in range(20)]
    file = official(tmp_path, (FIRST, asked))
    one, other = (import_squad(file, tmp_path / name, limit=4) for name in "ab")
    assert one == other
    assert len(one.cases) == 4
    assert import_squad(file, tmp_path / "c", limit=4, seed=1).cases != one.cases


def test_another_file_is_refused(tmp_path: Path) -> None:
    """A missing file, another form, and a folder that is taken are errors; nothing is written."""
    file = official(tmp_path, (FIRST, [question(1, "Who?", ("Rollo", 0))]))
    with pytest.raises(SetMissingError, match=r"none\.json: cannot be read"):
        import_squad(tmp_path / "none.json", tmp_path / "out")
    file.write_text('{"data": [{"title": "Normans"}]}')
    with pytest.raises(SetFormatError, match=r"dev-v2\.0\.json: data\.0\.paragraphs: Field required; name an official"):
        import_squad(file, tmp_path / "out")
    assert not (tmp_path / "out").exists()
    with pytest.raises(SetExistsError):
        import_squad(file, tmp_path)


def as_official(folder: Path) -> dict[str, object]:
    """Return the public articles and questions in the official form."""
    asked: dict[tuple[str, int], list[dict[str, object]]] = defaultdict(list)
    for row in map(json.loads, (folder / "questions.jsonl").read_text(encoding="utf-8").split("\n")[:-1]):
        start = row["paragraph"][0]
        marked = [{"text": one["text"], "answer_start": one["start"] - start} for one in row["answers"]]
        asked[row["article_id"], start].append(
            {"id": row["id"], "question": row["question"], "answers": marked, "is_impossible": not row["answerable"]}
        )
    data = []
    for article in map(json.loads, (folder / "articles.jsonl").read_text(encoding="utf-8").split("\n")[:-1]):
        start, paragraphs = 0, []
        for context in article["text"].split("\n\n"):
            paragraphs.append({"context": context, "qas": asked.pop((article["id"], start), [])})
            start += len(context) + 2
        data.append({"title": article["title"], "paragraphs": paragraphs})
    assert not asked
    return {"data": data}


def test_the_public_set_is_clean(tmp_path: Path) -> None:
    """300 of the public questions, all 36 articles: nothing is wrong, and quotes are short where they can be."""
    if not PUBLIC.is_dir():
        pytest.skip("there is no SQuAD in ../shared/data")
    file = tmp_path / "public.json"
    file.write_text(json.dumps(as_official(PUBLIC)))
    whole = import_squad(file, tmp_path / "out", limit=300)
    articles = load_articles(whole, tmp_path / "out")
    assert (len(whole.cases), len(articles)) == (300, 36)
    assert problems(whole, articles) == []
    outcomes = [case.outcome for case in whole.cases]
    assert min(outcomes.count("answered"), outcomes.count("not_found")) > 100
    noted = [case for case in whole.cases if case.note]
    assert len(noted) < 0.02 * len(outcomes)
    lengths = sorted(len(span.quote) for case in whole.cases for group in case.required for span in group)
    assert lengths[len(lengths) // 2] < 250
