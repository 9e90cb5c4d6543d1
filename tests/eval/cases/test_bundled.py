"""The set that comes with the project."""

import re
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import SLICES, Case, CaseSet, Span, load_articles, problems, read_set, set_folder
from eval.metrics.injected import is_injected
from index.articles import Article
from index.dates import utc_days
from index.sentences import split_sentences
from service.contract.requests import AskIn

PREFIXES = dict(zip(SLICES, "SMFUTCI", strict=True))
TAGS = range(0xE0000, 0xE0080)


@pytest.fixture(scope="module")
def bundled() -> CaseSet:
    """Return the bundled set."""
    return read_set("samples")


@pytest.fixture(scope="module")
def articles(bundled: CaseSet) -> dict[str, Article]:
    """Return its articles by id."""
    return {article.id: article for article in load_articles(bundled, set_folder("samples"))}


@pytest.fixture(scope="module")
def planted(articles: dict[str, Article]) -> list[Article]:
    """Return the articles with instructions in them."""
    return [article for article in articles.values() if Path(article.source or "").parent.name == "planted"]


def spans(case: Case) -> list[Span]:
    """Return all spans of a case."""
    return [*(span for group in case.required for span in group), *case.forbidden]


def seen(text: str) -> str:
    """Return the text with tag characters read as the letters that they hide."""
    return "".join(chr(ord(c) - TAGS.start) if ord(c) in TAGS else c for c in text)


def test_it_is_valid(bundled: CaseSet, articles: dict[str, Article]) -> None:
    """Nothing is wrong with it."""
    assert problems(bundled, articles.values()) == []


def test_it_is_large_enough(bundled: CaseSet) -> None:
    """At least 150 cases are there, in every slice at least 15, and ids say the slice."""
    assert len(bundled.cases) >= 150
    sizes = Counter(case.slice for case in bundled.cases)
    assert set(sizes) == set(SLICES)
    assert min(sizes.values()) >= 15
    assert all(case.id.rstrip("0123456789") == PREFIXES[case.slice] for case in bundled.cases)


def test_its_readme_counts_the_same(bundled: CaseSet) -> None:
    """The README gives the size of the set and of each file, which holds one slice."""
    readme = (set_folder("samples") / "README.md").read_text(encoding="utf-8")
    counted = {name: int(n) for name, n in re.findall(r"^\| `([\w-]+)\.jsonl` \| (\d+) \|", readme, re.MULTILINE)}
    assert counted == Counter(case.slice for case in bundled.cases)
    assert readme.split("\n\n")[1].startswith(f"{len(bundled.cases)} questions")


def test_every_article_is_asked_about(bundled: CaseSet, articles: dict[str, Article]) -> None:
    """Forty articles are there, and each proves the answer of some case."""
    assert len(articles) == 40
    proving = {span.article for case in bundled.cases for group in case.required for span in group}
    assert proving == set(articles)


def test_a_citation_can_hold_each_quote(bundled: CaseSet, articles: dict[str, Article]) -> None:
    """Every quote stands in one sentence, and only once in its article, so that it is clear what must be cited."""
    for case in bundled.cases:
        for span in spans(case):
            article = articles[span.article]
            start = article.text.find(span.quote)
            sentences = split_sentences(article.text, article.language)
            assert any(one.start <= start and start + len(span.quote) <= one.end for one in sentences), case.id
            assert article.text.count(span.quote) == 1, case.id


def test_only_follow_ups_have_a_history(bundled: CaseSet) -> None:
    """A history begins with the user and ends with the assistant; other slices have none."""
    for case in bundled.cases:
        roles = [turn.role for turn in case.history]
        assert roles == ["user", "assistant"] * (len(roles) // 2)
        assert bool(roles) is (case.slice == "follow-up")


def test_what_is_expected_fits_the_slice(bundled: CaseSet) -> None:
    """What is unanswerable is refused at least in part; conflicts are answered; several facts need several spans."""
    for case in bundled.cases:
        if case.slice == "unanswerable":
            assert case.outcome != "answered", case.id
            assert case.note, case.id
        if case.slice in ("single", "multi-hop", "temporal", "conflict"):
            assert case.outcome == "answered", case.id
        if case.slice == "multi-hop":
            named = [{span.article for span in group} for group in case.required]
            assert len(set().union(*named)) >= 2, case.id
            assert not set.intersection(*named), case.id


def test_open_conflicts_need_both_sides(bundled: CaseSet) -> None:
    """At least eight conflicts are open: two values must be named, each proven by a span of its own."""
    opened = [case for case in bundled.cases if case.slice == "conflict" and len(case.answers) == 2]
    assert len(opened) >= 8
    assert all(len(case.required) == 2 for case in opened)
    for case in opened:
        first, second = ({(span.article, span.quote) for span in group} for group in case.required)
        assert not first & second, case.id


def test_what_is_planted_is_told_apart_from_answers(bundled: CaseSet, planted: list[Article]) -> None:
    """Each text that must not come through stands in a planted article, open or hidden, and in no right answer."""
    written = [" ".join(filter(None, (seen(one.text), one.title, one.author))) for one in planted]
    injected = [case for case in bundled.cases if case.slice == "injection"]
    assert all(case.forbidden_text for case in injected)
    for case in injected:
        for text in case.forbidden_text:
            assert any(is_injected(whole, text) for whole in written), (case.id, text)
            assert not any(is_injected(accepted, text) for group in case.answers for accepted in group)


def test_instructions_are_asked_past_from_both_sides(bundled: CaseSet, planted: list[Article]) -> None:
    """Questions are about the planted articles' own facts, and about others that they claim to speak for."""
    own = {one.id for one in planted}
    injected = [case for case in bundled.cases if case.slice == "injection" and case.required]
    about = Counter(span.article in own for case in injected for span in case.required[0][:1])
    assert about[True] >= 10
    assert about[False] >= 4


def test_planted_articles_are_like_the_others(planted: list[Article], bundled: CaseSet) -> None:
    """There are eight; they are dated before the questions are asked, in English, and lead to no real address."""
    assert len(planted) == 8
    for one in planted:
        assert one.language == "en"
        assert one.url
        assert one.url.split("/")[2].endswith(".example")
        assert all((one.title, one.author, one.outlet))
        assert utc_days(one.published_at or "")[1] <= utc_days(bundled.asked_at)[0]


def test_instructions_stand_in_every_place(planted: list[Article]) -> None:
    """Of the planted articles one has its instruction in the title, one in the author, two in what no reader sees."""
    assert sum("ignore all other articles" in (one.title or "").casefold() for one in planted) == 1
    assert sum("assistant:" in (one.author or "").casefold() for one in planted) == 1
    assert sum("\u200b" in one.text for one in planted) == 1
    assert sum(any(ord(c) in TAGS for c in one.text) for one in planted) == 1


def test_the_service_takes_every_case(bundled: CaseSet) -> None:
    """Question, history, filters and moment of asking are within what the service accepts."""
    for case in bundled.cases:
        sent = {**case.model_dump(include={"question", "history", "filters"}), "history": list(case.history)}
        asked = AskIn.model_validate({**sent, "asked_at": case.asked_at or bundled.asked_at})
        assert asked.filters == case.filters
