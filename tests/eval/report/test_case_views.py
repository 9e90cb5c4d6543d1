from collections.abc import Callable

from eval.cases.model import Case
from eval.compare.model import Comparison, Flip
from eval.report.case_views import case_views
from eval.report.changes import Setting, Shift, beside, differences
from eval.runs.model import CaseRecord, RunHeader
from service.contract import Answer

Make = Callable[..., CaseRecord]


def compared(*flips: Flip) -> Comparison:
    """Return a comparison that found flips and nothing else."""
    return Comparison(base="b", new="n", rows=(), flips=flips, errors_base=0, errors_new=0)


def test_cases_by_slice_and_number(case: Callable[..., Case], record: Make) -> None:
    """Slices in their order, and within one S2 before S10."""
    cases = [
        case(id="C1", slice="conflict"), case(id="S10"), case(id="S2"), case(id="S2b"), case(id="2"), case(id="S"),
    ]  # fmt: skip
    views = case_views([record(one) for one in cases], [], {}, None)
    assert [view.case.id for view in views] == ["S", "S2", "S2b", "S10", "2", "C1"]


def test_changes_that_the_filter_knows(case: Callable[..., Case], record: Make) -> None:
    """Better, worse, both, unchanged, and an error in either run."""
    flips = [
        Flip(case_id=case_id, slice="single", metric=metric, to=to)
        for case_id, metric, to in (("a", "right", "better"), ("b", "right", "worse"), ("b", "outcome", "better"))
    ]
    new = [record(case(id=name)) for name in "abcd"] + [record(case(id="e"), answer=None)]
    old = [record(case(id=name)) for name in "abc"] + [record(case(id="d"), answer=None), record(case(id="e"))]
    views = case_views(new, old, {}, compared(*flips))
    assert {view.case.id: view.changes for view in views} == {
        "a": ["better"], "b": ["better", "worse"], "c": ["unchanged"], "d": ["error"], "e": ["error"],
    }  # fmt: skip


def test_each_repeat_stands_beside_its_own(case: Callable[..., Case], record: Make) -> None:
    """The second repeat is compared with the baseline's second; one without such stands alone."""
    new = [record(repeat=i, scores={"f1": float(i)}) for i in range(3)]
    (view,) = case_views(new, [record(repeat=i, scores={"f1": 1.0}) for i in range(2)], {}, None)
    shifts = [one.beside and [(shift.base, shift.new) for shift in one.beside.shifts] for one in view.tries]
    assert shifts == [[(1.0, 0.0)], [], None]
    assert len({one.id for one in view.tries}) == 3
    assert view.case == case()


def test_what_scored_otherwise(record: Make) -> None:
    """Scores that changed, came or went are told; those of errors are not."""
    new, old = (
        record(scores={"right": 1.0, "f1": 0.5, "new": 1.0}),
        record(scores={"right": 0.0, "f1": 0.5, "old": 0.0}),
    )
    found = beside(new, old)
    assert found.shifts == [Shift("right", 0.0, 1.0), Shift("new", None, 1.0), Shift("old", 0.0, None)]
    assert found.same
    assert beside(record(answer=None), old).shifts == []


def test_what_is_the_same(record: Make, answer: Callable[..., Answer]) -> None:
    """Outcome, text and citations make an answer; its score does not."""
    assert not beside(record(answer=answer(answer="a")), record(answer=answer(answer="b"))).same
    assert not beside(record(answer=answer(outcome="partial")), record()).same
    assert not beside(record(answer=None, error={"kind": "http", "detail": "x"}), record()).same


def test_settings_that_differ(header: Callable[..., RunHeader]) -> None:
    """Each is named by its part; one that a run does not have is told from one that is not set."""
    old = header(settings={"a": 1, "gone": True}, mode="live")
    new = header(settings={"a": None, "new": 2.0})
    assert differences(new, old) == [
        Setting("mode", "live", "replay"),
        Setting("settings: a", "1", "none"),
        Setting("settings: gone", "True", None),
        Setting("settings: new", None, "2"),
    ]
    assert differences(new, new) == []
