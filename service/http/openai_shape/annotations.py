"""Annotations: where each marker stands in an answer, and where it leads.

Places come from the statements, not from what looks like a marker: a statement repeats what an article says, which may
hold "[1]" itself.
"""

from collections.abc import Iterator, Sequence

from service.contract import Answer, Citation, Statement
from service.http.openai_shape.bodies import Annotation, UrlCitation
from service.links import Links

__all__ = ["annotations"]


def annotations(answer: Answer, links: Links) -> list[Annotation]:
    """Return an annotation for every marker, in reading order."""
    citations = {citation.id: citation for citation in answer.citations}
    starts = [statement.start for statement in answer.statements[1:]]
    return [
        Annotation(
            url_citation=UrlCitation(
                start_index=start,
                end_index=start + len(_marker(citation)),
                title=citation.title or citation.article_id,
                url=links.to_sentence(citation),
            )
        )
        for statement, until in zip(answer.statements, [*starts, len(answer.answer)], strict=False)
        for start, citation in _placed(answer.answer, statement, until, [citations[i] for i in statement.citation_ids])
    ]


def _placed(text: str, statement: Statement, until: int, cited: Sequence[Citation]) -> Iterator[tuple[int, Citation]]:
    """Yield the markers of one statement, each with its place; `until` is where the next statement starts."""
    markers = "".join(_marker(citation) for citation in cited)
    at = statement.end
    if not text.startswith(markers, at):
        # a tail, outlet and date, stands between; what leads to the next statement after one is our own wording
        at = text.rindex(markers, at, until)
    for citation in cited:
        yield at, citation
        at += len(_marker(citation))


def _marker(citation: Citation) -> str:
    return f"[{citation.marker}]"
