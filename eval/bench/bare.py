"""The encoder alone: `SentenceTransformer.encode` of the passages that a library encoded, with nothing around it.

Example: `python -m eval.bench.bare --texts texts.json --model FOLDER --dtype float32`

It is the mark for an index that runs the same model and does all the rest beside it. The library sorts by length on its
own; of torch's own choice of threads and one a core, the faster counts. It prints one JSON object.
"""

import argparse
import json
import time
from pathlib import Path

from eval.bench.children import emit
from service.local.cores import usable_cores
from service.offline import force_offline

__all__: list[str] = []

_BATCH = 32


def main() -> None:
    """Measure, and print one JSON object."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, allow_abbrev=False
    )
    parser.add_argument("--texts", type=Path, required=True, help="JSON list of the texts")
    parser.add_argument("--model", type=Path, required=True, help="folder of the sentence-transformers model")
    parser.add_argument("--dtype", default="float32", help="number type of the weights (default: %(default)s)")
    options = parser.parse_args()
    force_offline()

    import torch  # noqa: PLC0415  (after the environment is set)
    from sentence_transformers import SentenceTransformer  # noqa: PLC0415

    model = SentenceTransformer(
        str(options.model), device="cpu", local_files_only=True, model_kwargs={"dtype": options.dtype}
    )
    texts: list[str] = json.loads(options.texts.read_text(encoding="utf-8"))
    best: dict[str, float] = {}
    for threads in sorted({torch.get_num_threads(), usable_cores()}):
        torch.set_num_threads(threads)
        model.encode(texts[:_BATCH], batch_size=_BATCH, show_progress_bar=False)
        began = time.perf_counter()
        model.encode(texts, batch_size=_BATCH, show_progress_bar=False)
        seconds = time.perf_counter() - began
        if not best or seconds < best["seconds"]:
            best = {"passages": len(texts), "seconds": seconds, "threads": threads}
    emit(best)


if __name__ == "__main__":
    main()
