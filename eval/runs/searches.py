"""Recorded searches: what a question's evidence was, by every word of the search, so that answers can be replayed.

Places of sentences are kept, not their text, which the articles have.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import Any

from eval.records import Records
from index import Article, Found
from index.search import Copy, Evidence, FoundPassage
from service.answering import Search, Wanted

__all__ = ["Searches"]


class Searches:
    """A search that keeps in `records` what `search` gave, and gives that again where `replay` says so.

    Without `replay` every search is made, and what it finds is kept. A replayed search that is not recorded, or names
    an article that is not there in that version, is made.
    """

    def __init__(self, search: Search, articles: Mapping[str, Article], records: Records, *, replay: bool) -> None:
        self._search = search
        self._articles = articles
        self._records = records
        self._replay = replay

    async def __call__(self, wanted: Wanted) -> Found:
        """Search, or give what was recorded."""
        key = _key(wanted)
        row = self._records.get(key)
        if row is not None and self._replay and self._fits(row):
            return self._found(row)
        found = await self._search(wanted)
        fresh = _row(found)
        if row is None or row["evidence"] != fresh["evidence"]:
            self._records.put(key, fresh)
        return found

    def _fits(self, row: Mapping[str, Any]) -> bool:
        """Tell whether all articles are there, in the versions that were searched."""
        places = [*row["evidence"], *row["passages"], *(copy for item in row["evidence"] for copy in item["copies"])]
        return all(
            place["article"] in self._articles and self._articles[place["article"]].version == place["version"]
            for place in places
        )

    def _found(self, row: Mapping[str, Any]) -> Found:
        passages = tuple(FoundPassage(**self._place(item)) for item in row["passages"])
        evidence = tuple(
            replace(
                Evidence(number, **self._place({**item, "copies": ()})),
                copies=tuple(Copy(**self._place(copy)) for copy in item["copies"]),
            )
            for number, item in enumerate(row["evidence"], 1)
        )
        counts = (row["articles_searched"], row["articles_in_all"], row["articles_undated"])
        return Found(passages, evidence, tuple(row["searched"]), *counts)

    def _place(self, item: Mapping[str, Any]) -> dict[str, Any]:
        rest = {name: value for name, value in item.items() if name not in ("article", "version")}
        return {"article": self._articles[item["article"]], **rest}


def _key(wanted: Wanted) -> str:
    asked = {**asdict(wanted), "filters": wanted.filters.model_dump()}
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _row(found: Found) -> dict[str, Any]:
    return {
        "passages": [
            {**_placed(item), "score": round(item.score, 4), "copies": item.copies} for item in found.passages
        ],
        "evidence": [
            {**_placed(item), "score": round(item.score, 4), "copies": [_placed(copy) for copy in item.copies]}
            for item in found.evidence
        ],
        "searched": list(found.searched),
        "articles_searched": found.articles_searched,
        "articles_in_all": found.articles_in_all,
        "articles_undated": found.articles_undated,
    }


def _placed(item: FoundPassage | Evidence | Copy) -> dict[str, Any]:
    return {"article": item.article.id, "version": item.article.version, "start": item.start, "end": item.end}
