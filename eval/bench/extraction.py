r"""Extraction beside trafilatura alone: `python -m eval.bench.extraction`, a minute.

Text is compared as in Zyte's article-extraction-benchmark (github.com/scrapinghub/article-extraction-benchmark):
shingles of four `\w+` tokens as multisets; precision and recall a page, of which F1 is made by their means; a page
without text has no precision. Pages are paired, and the interval is that of the difference. Metadata are those that
Readability's own tests expect: right where they are the same but for case and punctuation, a byline without its "by";
pages without the field do not count.
"""

import argparse
import gzip
import json
import logging
import re
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import trafilatura
from numpy.typing import NDArray
from trafilatura.metadata import extract_metadata

from eval.metrics.bootstrap import RESAMPLES
from index.dates import utc_days
from index.extracting import DocumentError, Extracted, Extractor

__all__ = ["f1", "main", "overlap"]

_DATA = Path("../shared/data")
_TOKEN = re.compile(r"\w+")
_SHINGLE = 4
_BY = re.compile(r"^(by|par|von) ")
_FIELDS = ("title", "byline", "siteName", "publishedTime", "lang")
_ALONE: dict[str, Callable[..., str | None]] = {
    "default": trafilatura.extract,
    "without comments": partial(trafilatura.extract, include_comments=False),
    "favour precision": partial(trafilatura.extract, include_comments=False, favor_precision=True),
    "favour recall": partial(trafilatura.extract, include_comments=False, favor_recall=True),
    "without tables": partial(trafilatura.extract, include_comments=False, include_tables=False),
    "deduplicate": partial(trafilatura.extract, include_comments=False, deduplicate=True),
}
_PEERS = ("without comments", "favour precision")

Scores = NDArray[np.float64]


def overlap(true: str, found: str) -> tuple[float, float]:
    """Return precision and recall of the shingles of `found`; NaN where the text in question has none."""
    wanted, given = _shingles(true), _shingles(found)
    both = sum((wanted & given).values())
    return (
        both / given.total() if given.total() else float("nan"),
        both / wanted.total() if wanted.total() else float("nan"),
    )


def f1(scores: Scores) -> Scores:
    """Return F1 of mean precision and mean recall over the last axis but one; scores of shape [..., pages, 2]."""
    means = np.nanmean(scores, axis=-2)
    return np.asarray(2 * means[..., 0] * means[..., 1] / means.sum(axis=-1))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    tokens = _TOKEN.findall(text)
    places = range(max(1, len(tokens) - _SHINGLE + 1))
    return Counter(shingle for place in places if (shingle := tuple(tokens[place : place + _SHINGLE])))


def _difference(ours: Scores, peer: Scores) -> tuple[float, float, float]:
    """Return how much more F1 `ours` has, with the 95 % interval of the paired bootstrap over pages."""
    rng = np.random.default_rng(0)
    drawn = rng.integers(len(ours), size=(RESAMPLES, len(ours)))
    low, high = np.percentile(f1(ours[drawn]) - f1(peer[drawn]), (2.5, 97.5))
    return float(f1(ours) - f1(peer)), float(low), float(high)


def _text(folder: Path, extractor: Extractor) -> list[str]:
    rows = _rows(folder)
    packed = [(folder / "pages" / row["page"]).read_bytes() for row in rows]
    began = time.monotonic()
    found = [_extracted(extractor, data, row["url"]) for data, row in zip(packed, rows, strict=True)]
    lines = [f"text, {len(rows)} pages, {(time.monotonic() - began) / len(rows):.3f} s a page"]
    truth = [row["body"] for row in rows]
    ours = _scores(truth, [each.text if each else "" for each in found])
    lines.append(_row("Pullquote", ours))
    pages = [gzip.decompress(data).decode("utf-8", "replace") for data in packed]
    for name, alone in _ALONE.items():
        texts = [alone(page, url=row["url"]) or "" for page, row in zip(pages, rows, strict=True)]
        peer = _scores(truth, texts)
        line = _row(f"trafilatura, {name}", peer)
        if name in _PEERS:
            line += "  Pullquote more by {:+.4f} [{:+.4f}, {:+.4f}]".format(*_difference(ours, peer))
        lines.append(line)
    return lines


def _scores(truth: Sequence[str], texts: Sequence[str]) -> Scores:
    return np.asarray([overlap(true, text) for true, text in zip(truth, texts, strict=True)])


def _row(name: str, scores: Scores) -> str:
    precision, recall = np.nanmean(scores, axis=0)
    return f"{name:32} F1 {float(f1(scores)):.4f}  precision {precision:.4f}  recall {recall:.4f}"


def _metadata(folder: Path, extractor: Extractor) -> list[str]:
    right: Counter[tuple[str, str]] = Counter()
    for row in _rows(folder):
        data = (folder / "pages" / row["page"]).read_bytes()
        ours = _fields(_extracted(extractor, data, None))
        alone = extract_metadata(gzip.decompress(data).decode("utf-8", "replace"))
        peer = {"title": alone.title, "byline": alone.author, "siteName": alone.sitename, "publishedTime": alone.date}
        for field in _FIELDS:
            same = _same_day if field == "publishedTime" else _same
            known = "asked" if row[field] else "unknown"
            right[field, known] += 1
            for who, found in (("ours", ours.get(field)), ("alone", peer.get(field))):
                right[field, f"{known} {who}"] += same(row[field], found) if row[field] else bool(found)
            right[field, "exact ours"] += bool(row[field]) and row[field] == ours.get(field)
            right[field, "exact alone"] += bool(row[field]) and row[field] == peer.get(field)
    lines = ["metadata: right of those known, Pullquote / trafilatura alone; given where none is known"]
    for field in _FIELDS:
        asked, unknown = right[field, "asked"], right[field, "unknown"]
        figures = f"{right[field, 'asked ours']} / {right[field, 'asked alone']} of {asked}"
        given = f"{right[field, 'unknown ours']} / {right[field, 'unknown alone']} of {unknown}"
        exact = f", to the second as written {right[field, 'exact ours']} / {right[field, 'exact alone']}"
        lines.append(f"{field:14} {figures:18}  {given}{exact if field == 'publishedTime' else ''}")
    return lines


def _fields(found: Extracted | None) -> dict[str, str | None]:
    if found is None:
        return {}
    fields = {"title": found.title, "byline": found.author, "siteName": found.outlet, "lang": found.language}
    return {**fields, "publishedTime": found.published_at}


def _same(true: str, found: str | None) -> bool:
    return _plain(true) == _plain(found or "") or (len(found or "") == 2 and true.lower().startswith(f"{found}-"))  # noqa: PLR2004


def _plain(text: str) -> str:
    return _BY.sub("", re.sub(r"[\W_]+", " ", text).strip().casefold())


def _same_day(true: str, found: str | None) -> bool:
    """Tell whether two dates begin on one day where they were written, or in UTC."""
    return bool(found) and (true[:10] == str(found)[:10] or utc_days(true)[0] == utc_days(str(found))[0])


def _extracted(extractor: Extractor, data: bytes, url: str | None) -> Extracted | None:
    try:
        return extractor.extract(data, "html.gz", url=url)
    except DocumentError:
        return None


def _rows(folder: Path) -> list[dict[str, Any]]:
    with (folder / "truth.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print, and return the exit code."""
    parser = argparse.ArgumentParser("python -m eval.bench.extraction", description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--data", type=Path, default=_DATA, help="folder of the public sets (default: %(default)s)")
    data = parser.parse_args(argv).data
    logging.disable(logging.CRITICAL)
    parts: dict[str, Callable[[Path, Extractor], list[str]]] = {"extraction": _text, "metadata": _metadata}
    with Extractor() as extractor:
        for name, part in parts.items():
            if (data / name / "truth.jsonl").is_file():
                sys.stdout.write("\n".join(part(data / name, extractor)) + "\n\n")
            else:
                sys.stdout.write(f"Skipped: there is no {name} set in {data}; name its folder with --data.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
