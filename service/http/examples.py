"""Examples of replies, as the OpenAPI description shows them."""

from typing import Any

from service.http.intake_examples import ITEMS, JOB, JOBS, SOURCE, SOURCES

__all__ = [
    "ANSWER",
    "ARTICLE",
    "ARTICLES",
    "FEEDBACK",
    "HEALTH",
    "PUT",
    "READY",
    "SEARCH",
    "STREAM",
    "restore_examples",
]

_VERSION = "d04dcdbe7b9b3bd9ed5f1b4a7a9ccbd3ed3c7f4c0f0a7c0c9a9b2f6f0f6f2a11"
_TEXT = "The ferry to Port Ellis sails again. It had been laid up since March."
_METADATA = {
    "url": "https://harbour-courier.example/2024/05/ferry",
    "title": "Ferry sails again",
    "author": None,
    "outlet": "The Harbour Courier",
    "published_at": "2024-05-02",
}
_QUOTE: dict[str, object] = {
    "article_id": "ferry-sails-again",
    "version": _VERSION,
    **_METADATA,
    "quote": "It had been laid up since March.",
    "start": 37,
    "end": 69,
    "page": None,
    "copies": [],
}
_VERIFIER = "local:qwen2.5-coder-1.5b-instruct answerable.v2 51c0ffee92aa reread.v2 0ff1ce0ff1ce"
_STATEMENT = "The ferry had been laid up since March."


def _reply(description: str, example: dict[str, object]) -> dict[str, Any]:
    return {"description": description, "content": {"application/json": {"example": example}}}


ANSWER = _reply(
    "an answer, or why there is none",
    {
        "id": "ans_0f6b1c9ad1c04c7e9b1f2a33",
        "outcome": "answered",
        "reason": None,
        "answer": f"{_STATEMENT}[1]",
        "statements": [
            {
                "text": _STATEMENT,
                "start": 0,
                "end": len(_STATEMENT),
                "citation_ids": ["c1"],
                "verdict": "supported",
                "score": 0.83,
                "gates": {
                    "wording": "passed",
                    "missing": [],
                    "support": "passed",
                    "probability": 0.8621,
                    "verifier": _VERIFIER,
                    "features": {"support": 1.8331, "told": 2.9444, "agreement": 2.0, "rank": 2.4107, "asked": 1.0},
                },
                "question": None,
            }
        ],
        "citations": [{"id": "c1", "marker": 1, **_QUOTE}],
        "steps": [],
        "missing": [],
        "conflicts": [],
        "dropped": [],
        "nearest": [],
        "searched": ["Since when had the ferry been laid up?"],
        "window": None,
        "as_of": "2024-05-02",
        "notes": [],
        "stripped": 0,
        "degraded": [],
        "model": {
            "chat": "local:qwen2.5-coder-1.5b-instruct",
            "encoder": "sentence-transformers/all-MiniLM-L6-v2",
            "verifier": _VERIFIER,
        },
        "prompts": {
            "answer.v2": "8d2f9c7a1b30",
            "answerable.v2": "51c0ffee92aa",
            "reread.v2": "0ff1ce0ff1ce",
            "rewrite.v1": "0b1e7d5a93c4",
            "subquestions.v1": "c2a9e4f7d018",
        },
        "usage": {
            "calls": 2,
            "prompt_tokens": 1012,
            "completion_tokens": 27,
            "answer_limit": None,
            "today": 14230,
            "day_limit": None,
        },
        "timings_ms": {"rewrite": 0, "retrieve": 14, "answer": 3180, "check": 610, "total": 3805},
    },
)

STREAM = {
    "description": "events, each with a name and a body in JSON; `final` or `error` is the last",
    "content": {
        "text/event-stream": {
            "example": (
                'event: stage\ndata: {"stage":"searching","ahead":0}\n\n'
                'event: searched\ndata: {"searched":["Since when had the ferry been laid up?"],"window":null}\n\n'
                'event: sources\ndata: {"evidence":[],"reason":null}\n\n'
            )
        }
    },
}

SEARCH = _reply(
    "passages and evidence",
    {
        "passages": [
            {"article_id": "ferry-sails-again", "start": 0, "end": 69, "text": _TEXT, "score": 1.71, "copies": 0}
        ],
        "evidence": [
            {
                "n": 1,
                "article_id": "ferry-sails-again",
                "start": 37,
                "end": 69,
                "text": _QUOTE["quote"],
                "score": 2.6,
                "title": _METADATA["title"],
                "outlet": _METADATA["outlet"],
                "published_at": _METADATA["published_at"],
                "copies": [],
            }
        ],
        "searched": ["ferry laid up"],
        "reason": None,
        "articles_searched": 1,
        "articles_undated": 0,
    },
)

_DATES = {"language": "en", "modified_at": None, "fetched_at": None}
_SUMMARY = {
    "id": "ferry-sails-again",
    "version": _VERSION,
    **_METADATA,
    **_DATES,
    "chars": len(_TEXT),
    "sentences": 2,
}

ARTICLES = _reply("one page of articles", {"articles": [_SUMMARY], "total": 1, "offset": 0, "limit": 100})

ARTICLE = _reply(
    "an article",
    {
        "id": "ferry-sails-again",
        "version": _VERSION,
        "meta_version": _VERSION[::-1],
        **_METADATA,
        **_DATES,
        "source": None,
        "origins": {"published_at": "request"},
        "pages": [],
        "text": _TEXT,
    },
)

PUT = _reply(
    "what became of the article",
    {"id": "ferry-sails-again", "version": _VERSION, "change": "added", "encoded": 1},
)

FEEDBACK = _reply(
    "the feedback as stored",
    {
        "answer_id": "ans_0f6b1c9ad1c04c7e9b1f2a33",
        "rating": "down",
        "note": "I asked since when, and was told why.",
        "given_at": "2024-05-03T09:12:44Z",
    },
)

HEALTH = _reply("the process answers", {"status": "ok"})

READY = _reply(
    "the state of each part",
    {
        "ready": True,
        "parts": {
            "ledger": {"ok": True, "detail": "32 articles"},
            "index": {"ok": True, "detail": "412 sentences, encoder sentence-transformers/all-MiniLM-L6-v2"},
            "model": {
                "ok": True,
                "detail": "local:qwen2.5-coder-1.5b-instruct runs as process 4711, restarted 0 times",
            },
            "journal": {"ok": True, "detail": "214 answers of the last 30 days"},
        },
    },
)


def restore_examples(schema: dict[str, Any]) -> None:
    """Put the examples of successful replies into an OpenAPI `schema` as they are, nulls included."""
    for path, method, status, reply in (
        ("/api/ask", "post", "200", ANSWER),
        ("/api/search", "post", "200", SEARCH),
        ("/api/feedback", "post", "200", FEEDBACK),
        ("/api/articles", "get", "200", ARTICLES),
        ("/api/articles/{article_id}", "get", "200", ARTICLE),
        ("/api/articles/{article_id}", "put", "200", PUT),
        ("/api/articles/{article_id}", "put", "201", PUT),
        ("/api/sources", "get", "200", SOURCES),
        ("/api/sources", "post", "200", SOURCE),
        ("/api/sources/{source_id}/items", "get", "200", ITEMS),
        ("/api/articles", "post", "202", JOB),
        ("/api/jobs", "get", "200", JOBS),
        ("/api/jobs/{job_id}", "get", "200", JOB),
        ("/api/jobs/{job_id}", "delete", "200", JOB),
        ("/readyz", "get", "200", READY),
        ("/readyz", "get", "503", READY),
    ):
        content = schema["paths"][path][method]["responses"][status]["content"]["application/json"]
        content["example"] = reply["content"]["application/json"]["example"]
    for path, method in (("/api/ask/stream", "post"), ("/api/jobs/{job_id}/events", "get")):
        for status, reply in schema["paths"][path][method]["responses"].items():
            if status != "200":  # errors come before the stream, as JSON
                reply["content"]["application/json"].update(reply["content"].pop("text/event-stream", {}))
