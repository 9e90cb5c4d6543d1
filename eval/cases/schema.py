"""The JSON Schema of a line of cases, for editors and for those who write a set of their own."""

from eval.cases.model import Case

__all__ = ["case_schema"]


def case_schema() -> dict[str, object]:
    """Return the JSON Schema (draft 2020-12) of one case: what a line of a set's `*.jsonl` must be."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **Case.model_json_schema()}
