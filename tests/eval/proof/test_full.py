import pytest

from eval.proof.full import filled, main, small_disk

pytestmark = pytest.mark.slow


def test_a_disk_that_fills_up() -> None:
    """What has no room is refused as a full disk, searches go on, and the same again succeeds when there is room."""
    with small_disk() as disk:
        if disk is None:
            pytest.skip("no small disk can be mounted here")
        points = list(filled(disk, every=6))
    assert [point.problems for point in points] == [[]] * 4
    assert {what for point in points for what in point.refused} == {"add", "remove", "make anew"}


def test_a_large_disk_is_not_filled_up(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A folder on a large disk is refused, and nothing is written there."""
    folder = tmp_path_factory.mktemp("large")
    assert main(["--disk", str(folder)]) == 1
    assert not list(folder.iterdir())
