import json

import jsonschema
import pytest

from eval.cases import Case, case_schema, read_set


def test_it_is_a_schema_that_the_bundled_cases_meet() -> None:
    """It is valid under its own draft, and every bundled case, as JSON, meets it."""
    schema = case_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    check = jsonschema.Draft202012Validator(schema)
    for case in read_set("samples").cases:
        check.validate(json.loads(case.model_dump_json(exclude_defaults=True)))


@pytest.mark.parametrize(
    "change", [{"slice": "easy"}, {"expected": []}, {"id": ""}, {"required": [[{"article": "a"}]]}, {"outcome": None}]
)
def test_it_refuses_what_reading_refuses(case: dict[str, object], change: dict[str, object]) -> None:
    """What is no case is none by the schema either."""
    check = jsonschema.Draft202012Validator(case_schema())
    check.validate(case)
    assert not check.is_valid({**case, **change})
    with pytest.raises(ValueError, match="validation error"):
        Case.model_validate({**case, **change})
