"""Single cases on the page: figures as given, and each kind of outcome."""

import re
from collections.abc import Callable

from eval.cases.model import Case
from eval.compare.model import Comparison, Flip, Gate, Row
from eval.report import write_html
from eval.report.descriptions import Description
from eval.runs.model import CaseRecord, Run
from service.contract import Answer

ROW = Row(
    metric="right", slice="all", n=4, base=0.5, new=0.75, difference=0.25, low=-0.104, high=0.604, p=0.0412,
    p_holm=0.0824, gate=Gate(metric="right", tolerance=0.02, floor=0.8), failed="0.750 is below 0.800",
    too_small="4 cases tell little",
)  # fmt: skip


def text_of(page: str) -> str:
    """Return the page's text in one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.split("</style>")[1]).split())


def test_figures_are_those_given(
    case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """Mean, Wilson's interval and number of cases, and the comparison's row, stand there as they are."""
    records = [record(case(id=f"S{i}"), scores={"right": float(i != 2)}) for i in range(4)]
    comparison = Comparison(base="main", new="candidate", rows=(ROW,), flips=(), errors_base=0, errors_new=0)
    shown = text_of(write_html(run(*records), {}, comparison))
    assert "Right answers 0.750 0.301 to 0.954, n 4 +0.250 (−0.104 to +0.604)" in shown
    assert (
        "Right answers all 4 0.500 0.750 +0.250 −0.104 to +0.604 0.082* at least 0.800, may fall by 0.020 "
        "fails 0.750 is below 0.800 4 cases tell little"
    ) in shown
    assert "Failed: 1 of 1 gate Right answers, all: 0.750 is below 0.800" in shown
    assert "To be read with care Right answers, all: 4 cases tell little" in shown
    assert "Cases 4 3 right , 1 wrong no errors" in shown


def test_metrics_that_nobody_described(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """A metric without a description is shown by its name; one may be described by the caller."""
    runs = run(record(scores={"wit": 1.0}))
    assert "wit 1.000 0.207 to 1.000, n 1" in text_of(write_html(runs, {}))
    shown = text_of(write_html(runs, {}, descriptions={"wit": Description("Wit", unit="laughs")}))
    assert "Wit 1.00 laughs 0.21 to 1.00 laughs, n 1" in shown


def test_repeats_stand_in_one_case(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """A case that was asked twice is one case with two answers; the worse one tells its result."""
    twice = [record(repeat=i, scores={"right": 1.0 - i}) for i in range(2)]
    page = write_html(run(*twice, repeats=2), {})
    assert page.count('<details class="case"') == 1
    assert 'data-result="wrong"' in page
    assert "Repeat 1" in page
    assert "Repeat 2" in page
    assert "Right answers 0.500" in text_of(page)


def test_a_run_without_a_record(run: Callable[..., Run]) -> None:
    """A run that ended before its first case has a page."""
    assert "This run has no figures to draw." in write_html(run(), {})


def test_an_error_says_why(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """A case without an answer shows its error beside the baseline's answer, and no scores of either."""
    failed = record(answer=None, error={"kind": "timeout", "detail": "longer than 60 s"}, scores={})
    base = run(record(scores={"right": 1.0}), name="main")
    page = write_html(run(failed), {}, base=base)
    assert 'data-result="error" data-change="error"' in page
    assert "timeout longer than 60 s" in text_of(page)
    assert "1.000 → –" not in page


def test_what_was_asked_and_what_is_expected(
    case: Callable[..., Case], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """History, moment, filters, note, aliases, what is forbidden: all that a case says is shown."""
    asked = case(
        history=[{"role": "user", "content": "Who led the Chinese side?"}],
        question="And the other?",
        asked_at="2022-06-20",
        filters={"outlets": ["The Daily Compass"], "published_from": "2022-06"},
        answers=[["Gen. Bajwa", "Bajwa"]],
        required=[[{"article": "a.md", "quote": "led by Bajwa"}]],
        forbidden=[{"article": "b.md", "quote": "led by Khan"}],
        forbidden_text=["obey"],
        note="his namesake is no general",
    )
    shown = text_of(write_html(run(record(asked)), {}))
    for wanted in (
        "user Who led the Chinese side?",
        "Asked at 2022-06-20 Only outlets The Daily Compass Only published from 2022-06",
        "Note of the set his namesake is no general",
        "Gen. Bajwa or Bajwa",
        "led by Bajwa a.md",
        "not to be cited led by Khan b.md",
        "not to be said obey",
    ):
        assert wanted in shown


def test_both_gates_are_shown(
    answer: Callable[..., Answer], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """What each gate found stands with its statement and with what was dropped."""
    gates = {"wording": "failed", "missing": ["$42"], "support": "failed", "probability": 0.25, "verifier": "nli"}
    said = {"text": "It rose.", "start": 0, "end": 8, "citation_ids": [], "verdict": "weak", "score": 0.4}
    lost = {"text": "It cost $42.", "reason": "numbers", "verdict": "unsupported", "nearest": None, "gates": gates}
    given = answer(answer="It rose.", statements=[said], dropped=[lost])
    shown = text_of(write_html(run(record(answer=given)), {}))
    assert "It rose. weak score 0.400 No gate was asked." in shown
    assert (
        "Dropped It cost $42. unsupported numbers Wording failed; not in the sentences: $42 "
        "Support failed, raw 0.250 by nli"
    ) in shown


def test_what_changed_stands_side_by_side(
    answer: Callable[..., Answer], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """Both answers are shown, with the words that differ marked, and the scores that do."""
    base = run(record(answer=answer(answer="It rose to 12."), scores={"right": 0.0, "f1": 0.5}), name="main")
    new = run(record(answer=answer(answer="It rose to 14."), scores={"right": 1.0, "f1": 0.5}))
    flips = (Flip(case_id="S1", slice="single", metric="right", to="better"),)
    comparison = Comparison(base="main", new="new", rows=(), flips=flips, errors_base=0, errors_new=0)
    page = write_html(new, {}, comparison, base)
    assert "It rose to <del>12</del>." in page
    assert "It rose to <ins>14</ins>." in page
    assert "Right answers better than the baseline" in text_of(page)
    assert "Right answers 0.000 → 1.000" in text_of(page)
    assert "Token F1 0.500 →" not in text_of(page)
    assert 'data-change="better"' in page


def test_what_the_runs_were_made_with(record: Callable[..., CaseRecord], run: Callable[..., Run]) -> None:
    """A setting that differs from the baseline's is named with both values; one that does not is not."""
    base = run(record(), name="main", settings={"support_threshold": 0.5}, prompts={"answer.v2": "41c7d09be2aa"})
    new = run(record(), settings={"support_threshold": 0.35}, prompts={"answer.v2": "41c7d09be2aa"})
    shown = text_of(write_html(new, {}, base=base))
    assert "making (1) what main candidate settings: support_threshold 0.5 0.35 Summary" in shown


def test_only_addresses_of_the_web_become_links(
    answer: Callable[..., Answer], record: Callable[..., CaseRecord], run: Callable[..., Run]
) -> None:
    """An address with another scheme is shown as text."""
    quote = {
        "id": "c1", "marker": 1, "article_id": "a", "version": "v", "title": "T", "author": None, "outlet": None,
        "published_at": None, "quote": "q", "start": 0, "end": 1,
    }  # fmt: skip
    urls = (
        "https://one.example/a?b=1&c=2",
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
    )
    given = answer(answer="q", citations=[quote | {"url": url, "marker": i} for i, url in enumerate(urls)])
    page = write_html(run(record(answer=given)), {"a": "q"})
    links = re.findall(r'<a href="([^"#]+)"', page)
    assert links == ["https://one.example/a?b=1&amp;c=2"]
    assert page.count("javascript:alert(1)") == 2
