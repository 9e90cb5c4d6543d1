"""The encoder over sentence-transformers, loaded from a local folder, never from a hub.

The tokenizer is read without torch, so that cutting an article costs no model; torch is imported by the first
text that is encoded. `tokenizer.json` of some models truncates and pads on its own (all-MiniLM-L6-v2: at 128 of
its 256 tokens), which would lose the offsets of what follows, so both are switched off.
"""

import hashlib
import json
import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from index.encoders.base import PassageText, PassageVectors, Vector, Vectors, unit
from index.errors import EncoderError

if TYPE_CHECKING:
    import torch
    from sentence_transformers import SentenceTransformer
    from tokenizers import Encoding, Tokenizer

__all__ = ["SentenceTransformerEncoder"]

_BATCH = 8
_SPECIAL_TOKENS = 2
_ENDS_BYTES = 1 << 20


class SentenceTransformerEncoder:
    """Encode with the sentence-transformers model in `folder`, one forward pass a passage.

    Raises EncoderError where the folder does not hold such a model with a fast tokenizer.
    """

    def __init__(self, folder: Path, *, name: str, dtype: Literal["auto", "float32", "bfloat16"] = "auto") -> None:
        self.name = name
        self._dtype = dtype
        self._folder = folder
        for needed in ("modules.json", "tokenizer.json", "config.json"):
            if not (folder / needed).is_file():
                raise EncoderError(
                    f"encoder {name!r}: {folder} has no {needed}; "
                    "name a sentence-transformers folder with a fast tokenizer"
                )
        if "Dense" in (folder / "modules.json").read_text():
            raise EncoderError(f"encoder {name!r}: models with a dense layer have no token vectors of the same space")

    @cached_property
    def revision(self) -> str:
        """Return the first 12 hex digits of a SHA-256 over the model's files; of large ones, over both ends."""
        digest = hashlib.sha256()
        for file in sorted(self._folder.rglob("*")):
            if file.suffix in (".json", ".safetensors", ".bin"):
                digest.update(f"{file.relative_to(self._folder)} {file.stat().st_size}".encode())
                with file.open("rb") as stream:
                    digest.update(stream.read(_ENDS_BYTES))
                    stream.seek(max(0, file.stat().st_size - _ENDS_BYTES))
                    digest.update(stream.read())
        return digest.hexdigest()[:12]

    @cached_property
    def dimension(self) -> int:
        """Return the length of a vector, from the model's configuration."""
        return int(json.loads((self._folder / "config.json").read_text())["hidden_size"])

    @cached_property
    def max_tokens(self) -> int:
        """Return the model's sequence length, less its special tokens."""
        settings = self._folder / "sentence_bert_config.json"
        length = json.loads(settings.read_text()).get("max_seq_length") if settings.is_file() else None
        return int(length or 512) - _SPECIAL_TOKENS

    def token_spans(self, text: str) -> list[tuple[int, int]]:
        """Return the offsets of the tokens of `text`; needs no torch."""
        return [span for span in self._tokenizer.encode(text, add_special_tokens=False).offsets if span[0] < span[1]]

    def encode_passages(self, passages: Sequence[PassageText]) -> list[PassageVectors]:
        """Encode passages in batches of similar length, several at once, and return them in the order given.

        A batch a core with one thread each is a fifth faster than one batch on all cores, whose threads wait for
        each other at every layer.
        """
        encodings = [self._encode_text(passage.text) for passage in passages]
        order = sorted(range(len(passages)), key=lambda i: -len(encodings[i].ids))
        batches = [order[begin : begin + _BATCH] for begin in range(0, len(order), _BATCH)]
        self._model  # noqa: B018  (loaded by one thread)

        def encode(batch: Sequence[int]) -> list[tuple[int, PassageVectors]]:
            pooled, tokens = self._forward([encodings[i] for i in batch])
            return [
                (i, PassageVectors(unit(pooled[row]), _late_pool(tokens[row], encodings[i], passages[i])))
                for row, i in enumerate(batch)
            ]

        with ThreadPoolExecutor(_usable_cores(), "encoder") as pool:
            found = dict(item for batch in pool.map(encode, batches) for item in batch)
        return [found[i] for i in range(len(passages))]

    def encode_query(self, text: str) -> Vector:
        """Encode a question, cut at the model's length."""
        pooled, _ = self._forward([self._encode_text(text)])
        return unit(pooled[0])

    @cached_property
    def _tokenizer(self) -> "Tokenizer":
        from tokenizers import Tokenizer  # noqa: PLC0415  (0.1 s that `pullquote list` need not wait for)

        tokenizer = Tokenizer.from_file(str(self._folder / "tokenizer.json"))
        tokenizer.no_truncation()
        tokenizer.no_padding()
        return tokenizer

    @cached_property
    def _model(self) -> "SentenceTransformer":
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415  (4 s of torch)
        from transformers.utils import logging  # noqa: PLC0415

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        import torch  # noqa: PLC0415

        torch.set_num_threads(1)  # threads that spin for work starve whatever else runs; see encode_passages
        try:
            model = SentenceTransformer(str(self._folder), device="cpu", local_files_only=True, trust_remote_code=False)
            return model.to(self._torch_dtype())
        except (OSError, ValueError, RuntimeError) as exc:
            raise EncoderError(f"encoder {self.name!r} in {self._folder} cannot be loaded: {exc}") from exc

    def _torch_dtype(self) -> "torch.dtype":
        """Return the number format: bfloat16 is twice as fast where the processor computes with it, slower elsewhere.

        Its vectors have a cosine of .9999 to those of float32, so that the two may share an index.
        """
        import torch  # noqa: PLC0415

        if self._dtype != "auto":
            return torch.bfloat16 if self._dtype == "bfloat16" else torch.float32
        capable = torch.cpu._is_avx512_bf16_supported() or torch.cpu._is_amx_tile_supported()  # noqa: SLF001
        return torch.bfloat16 if capable else torch.float32

    def _encode_text(self, text: str) -> "Encoding":
        encoding = self._tokenizer.encode(text)
        encoding.truncate(self.max_tokens + _SPECIAL_TOKENS)
        return encoding

    def _forward(self, encodings: Sequence["Encoding"]) -> tuple[Vectors, NDArray[np.float32]]:
        """Return pooled vectors [n, dimension] and token vectors [n, longest, dimension]."""
        import torch  # noqa: PLC0415

        longest = max(len(encoding.ids) for encoding in encodings)
        features = {
            "input_ids": [e.ids + [0] * (longest - len(e.ids)) for e in encodings],
            "attention_mask": [e.attention_mask + [0] * (longest - len(e.ids)) for e in encodings],
            "token_type_ids": [e.type_ids + [0] * (longest - len(e.ids)) for e in encodings],
        }
        with torch.inference_mode():
            output = self._model.forward({name: torch.tensor(rows) for name, rows in features.items()})
        return output["sentence_embedding"].float().numpy(), output["token_embeddings"].float().numpy()


def _usable_cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _late_pool(tokens: NDArray[np.float32], encoding: "Encoding", passage: PassageText) -> Vectors:
    """Return the mean token vector of each sentence, shape [n, dimension], of unit length."""
    starts, ends = np.array(encoding.offsets).T
    rows = []
    for start, end in passage.sentences:
        inside = np.flatnonzero((starts < end) & (ends > start) & (starts < ends))
        if not len(inside):
            raise EncoderError(f"a sentence has no token within the encoder's limit: {passage.text[start:end][:60]!r}")
        rows.append(tokens[inside].mean(axis=0))
    return unit(np.stack(rows))
