import json
import math
from collections.abc import Callable, Iterator
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from service.checking import calibration
from service.checking.calibration import Calibration, find_calibration
from service.checking.features import FEATURES, MOST
from service.settings import Settings

ZEROS = dict.fromkeys(FEATURES, 0.0)
SUPPORT = Calibration(verifier="v", encoder="e", weights={"support": 2.0}, intercept=-1.0, made={"of": "nothing"})
FOLDER = Path(str(files("service.checking"))) / "calibrations"
SHIPPED = sorted(FOLDER.glob("*.json"))

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Write]:
    """Return what writes a calibration, changed by name, into the folder that they are read from."""
    folder = tmp_path / "calibrations"
    folder.mkdir()
    monkeypatch.setattr(calibration, "files", lambda _: tmp_path)
    calibration._calibrations.cache_clear()

    def add(file: str, **changes: object) -> Path:
        (folder / file).write_text(json.dumps({**SUPPORT.model_dump(), **changes}))
        calibration._calibrations.cache_clear()
        return folder / file

    yield add
    calibration._calibrations.cache_clear()


def settings(**changes: object) -> Settings:
    """Return settings with the encoder of the calibration."""
    return Settings(encoder="e").model_copy(update=changes)


@pytest.mark.parametrize(
    ("support", "probability"), [(0.5, 0.5), (-1, 1 / (1 + math.exp(3))), (2, 1 / (1 + math.exp(-3)))]
)
def test_a_probability_is_that_of_a_logistic_regression(support: float, probability: float) -> None:
    """Intercept plus weights times features are the log-odds; features without a weight do not count."""
    assert SUPPORT.probability({**ZEROS, "support": support, "rank": 9}) == pytest.approx(probability)


@given(st.floats(-1e9, 1e9), st.floats(-1e9, 1e9))
def test_probabilities_stay_in_their_bounds_and_order(one: float, other: float) -> None:
    """However extreme the features are, a probability lies between 0 and 1, and more support is never less."""
    low, high = (SUPPORT.probability({"support": support}) for support in sorted((one, other)))
    assert 0 < low <= high < 1


BOTH = SUPPORT.model_copy(update={"weights": {"support": 1.0, "told": 0.5, "agreement": 0.25}, "intercept": 0.0})


@given(st.floats(-20, 20), st.floats(-2, 2))
def test_without_a_reading_the_most_that_it_could_be_is_given(support: float, agreement: float) -> None:
    """Whatever the second question would give, the probability is no higher than what is told without it."""
    bound = BOTH.probability({**ZEROS, "support": support, **MOST})
    unasked = {name: value for name, value in ZEROS.items() if name not in MOST}
    assert BOTH.probability({**unasked, "support": support}) == bound
    assert BOTH.probability({**ZEROS, "support": support, "agreement": agreement}) <= bound


def test_one_that_weighs_no_agreement_gives_the_same_without_it() -> None:
    """What is not weighed changes nothing, asked or not."""
    given = [SUPPORT.probability({"support": 0.3, **more}) for more in ({}, {"agreement": -5.0}, {"agreement": 5.0})]
    assert len(set(given)) == 1


def test_any_other_feature_that_is_weighed_must_be_there() -> None:
    """Only the second question may be left out."""
    with pytest.raises(KeyError):
        BOTH.probability({"agreement": 0.0})


RANKS = {"support": 2.0, "rank": 0.5}


def test_a_calibration_is_found_by_verifier_and_encoder(write: Write) -> None:
    """Both must be those that it was made with where it weighs ranks; the file's name says nothing."""
    write("one.json", weights=RANKS)
    write("two.json", verifier="w", intercept=5.0, weights=RANKS)
    write("readme.md")
    assert find_calibration("v", settings()) == SUPPORT.model_copy(update={"weights": RANKS})
    found = find_calibration("w", settings())
    assert found is not None
    assert found.intercept == 5
    assert find_calibration("v", settings(encoder="other")) is None
    assert find_calibration("x", settings()) is None


def test_one_that_weighs_ranks_does_not_hold_with_a_reranker(write: Write) -> None:
    """It changes the scores that were weighed."""
    write("one.json", weights=RANKS)
    assert find_calibration("v", settings(reranker=Path("somewhere"))) is None


def test_one_of_the_verifier_alone_holds_for_any_retrieval(write: Write) -> None:
    """What it weighs does not depend on encoder and reranker."""
    write("one.json")
    assert find_calibration("v", settings(encoder="other", reranker=Path("somewhere"))) == SUPPORT


@pytest.mark.usefixtures("write")
def test_there_may_be_none_at_all() -> None:
    """An empty folder is no error."""
    assert find_calibration("v", settings()) is None


def test_an_unknown_feature_is_refused(write: Write) -> None:
    """A calibration that weighs what is not measured is an error that names what is."""
    write("one.json", weights={"support": 1.0, "luck": 1.0})
    with pytest.raises(ValueError, match=f"weighs features other than {', '.join(FEATURES)}"):
        find_calibration("v", settings())


@pytest.mark.parametrize("changes", [{"more": 1}, {"intercept": None}, {"weights": []}, {"made": None}])
def test_a_garbled_file_is_refused(write: Write, changes: dict[str, object]) -> None:
    """Nothing of another form is read."""
    write("one.json", **changes)
    with pytest.raises(ValidationError):
        find_calibration("v", settings())


def test_a_calibration_is_frozen() -> None:
    """Nobody changes a calibration after it was read."""
    with pytest.raises(ValidationError, match="frozen"):
        SUPPORT.intercept = 0  # type: ignore[misc]


def test_every_shipped_calibration_can_be_used() -> None:
    """Each weighs known features, more support or agreement never lowers its probability, no two are for the same."""
    found = [Calibration.model_validate_json(file.read_text("utf-8")) for file in SHIPPED]
    assert len({(item.verifier, item.encoder) for item in found}) == len(found)
    for item in found:
        assert set(item.weights) <= set(FEATURES)
        assert min(item.weights.get(name, 0) for name in ("support", *MOST)) >= 0
        assert item.made
        assert 0 < item.probability(ZEROS) < 1


def test_shipped_calibrations_are_found() -> None:
    """Each is found by its verifier and its encoder."""
    for file in SHIPPED:
        item = Calibration.model_validate_json(file.read_text("utf-8"))
        assert find_calibration(item.verifier, Settings(encoder=item.encoder)) == item
