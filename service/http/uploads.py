"""What is sent to be added: JSON, or files as `multipart/form-data`. A client's names are never used as paths."""

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException

from index.jobs import NewItem
from service.contract import JobIn
from service.http.deps import CurrentDesk
from service.jobs.bodies import file_item, items_of

__all__ = ["BODY", "Sent", "describe_body"]

_FIELD = "files"
_FIELD_BYTES = 1_024  # of fields that are no files, of which none is taken
_UNREADABLE = 400

BODY: dict[str, Any] = {
    "required": True,
    "content": {
        "application/json": {"schema": {"$ref": "#/components/schemas/JobIn"}},
        "multipart/form-data": {
            "schema": {
                "type": "object",
                "title": "JobFiles",
                "required": [_FIELD],
                "additionalProperties": False,
                "properties": {
                    _FIELD: {
                        "type": "array",
                        "minItems": 1,
                        "items": {"type": "string", "format": "binary"},
                        "description": "files (.txt .md .jsonl .html .htm .html.gz .pdf .docx), each with its name",
                    }
                },
            }
        },
    },
}
"""The body as the description has it; `describe_body` adds the schema that it names."""


def describe_body(schema: dict[str, Any]) -> None:
    """Put the schemas of the JSON body into an OpenAPI `schema`."""
    described = JobIn.model_json_schema(ref_template="#/components/schemas/{model}")
    schema["components"]["schemas"].update({**described.pop("$defs"), "JobIn": described})


async def _sent(request: Request, desk: CurrentDesk) -> list[NewItem]:
    """Return the items of a request; whoever reads it has come in by then."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "multipart/form-data":
        return await _files(request, desk.max_job_files)
    if kind != "application/json":
        raise _invalid("must be JSON (`application/json`), or files as `multipart/form-data`")
    try:
        return items_of(JobIn.model_validate_json(await request.body()))
    except ValidationError as exc:
        problems = exc.errors(include_url=False, include_input=False, include_context=False)
        raise RequestValidationError([{**problem, "loc": ("body", *problem["loc"])} for problem in problems]) from None


Sent = Annotated[list[NewItem], Depends(_sent)]


async def _files(request: Request, most: int) -> list[NewItem]:
    try:
        async with request.form(max_files=most, max_fields=0, max_part_size=_FIELD_BYTES) as form:
            return await _taken(form)
    except HTTPException as exc:
        if exc.status_code != _UNREADABLE:
            raise
        if exc.detail.startswith("Too many files"):
            raise HTTPException(
                413, f"more than {most} files were sent; send them in parts, or raise PULLQUOTE_MAX_JOB_FILES"
            ) from None
        raise _invalid(f"the form cannot be read ({exc.detail})") from None
    except (LookupError, ValueError) as exc:  # such as a charset that is none
        raise _invalid("the form cannot be read; send it as `curl -F files=@NAME` does") from exc


async def _taken(form: FormData) -> list[NewItem]:
    items = []
    for name, file in form.multi_items():
        if name != _FIELD or not isinstance(file, UploadFile):
            raise _invalid(f"is no field of this form; send files as {_FIELD!r}", name)
        items.append(file_item(file.filename or "", await file.read()))
    if not items:
        raise _invalid("Field required", _FIELD)
    return items


def _invalid(message: str, *place: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("body", *place), "msg": message, "type": "value_error"}])
