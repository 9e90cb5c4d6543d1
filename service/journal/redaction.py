"""Redaction: what an answer, and what was asked, look like without the words of some articles.

What goes is the sentences of those articles, those of others that say the same word for word, and whatever the model
wrote from them: statements that cite them and, since one sentence leans on the next, the answer's text as a whole,
its steps, notes and rewritten questions. Statements that rest on other articles alone stay, without a place in
the text; which article was cited, at which version and place, stays too.

Readers' own words stay unless they repeat such a sentence; earlier answers that came back as history do not. What
cannot be told stays: history that is sent after the deletion, and a statement dropped without any sentence from
an answer that names none of the articles.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from service.contract import Answer, AskIn, Citation, Conflict, Dropped, Quote, Statement, Turn
from service.journal.bodies import named_articles, quotes

__all__ = ["Removed", "redact_answer", "redact_note", "redact_request"]

_NOWHERE = {"start": 0, "end": 0}


@dataclass(frozen=True)
class Removed:
    """The texts that went: sentences of articles, and what the model wrote from them."""

    quotes: frozenset[str] = frozenset()
    written: frozenset[str] = frozenset()

    def __or__(self, other: "Removed") -> "Removed":
        return Removed(self.quotes | other.quotes, self.written | other.written)

    def __bool__(self) -> bool:
        return bool(self.quotes or self.written)

    def is_in(self, text: str, *, by_reader: bool) -> bool:
        """Tell whether a text repeats what went, line breaks aside; a reader's own words only by a whole sentence."""
        said = _flat(text)
        if any(quote in said for quote in self.quotes):
            return True
        return bool(said) and not by_reader and any(own in said or said in own for own in self.written)


def redact_answer(answer: Answer, article_ids: frozenset[str]) -> tuple[Answer, Removed]:
    """Return the answer without the words of these articles, and what went; the same answer where it names none.

    A statement that was dropped without any sentence goes too, since nobody can tell what it was made from.
    """
    if not any(_is_of(quote, article_ids) for quote in quotes(answer)):
        return answer, Removed()
    gone = frozenset(citation.id for citation in answer.citations if _is_of(citation, article_ids))
    without = answer.model_copy(
        update={
            "citations": [_citation(citation, article_ids) for citation in answer.citations],
            "nearest": [_quote(quote, article_ids) for quote in answer.nearest],
            "dropped": [_dropped(dropped, article_ids) for dropped in answer.dropped],
        }
    )
    if gone:
        without = _without_statements(without, gone)
    return without, _difference(answer, without)


def redact_request(request: AskIn, answer: Answer, removed: Removed) -> tuple[AskIn, Answer]:
    """Return request and answer without what `removed` holds of earlier answers in the history, or of quoted articles.

    Where a turn of the history went, questions that were rewritten from it go with it.
    """
    history = [_turn(turn, removed) for turn in request.history]
    changed = request.model_copy(
        update={
            "question": _reader(request.question, removed),
            "history": history,
            "search_as": request.search_as and [_reader(text, removed) for text in request.search_as],
        }
    )
    return changed, answer if history == request.history else _without_rewriting(answer)


def redact_note(note: str | None, removed: Removed) -> str | None:
    """Return a reader's note, empty where it quotes a sentence that went."""
    return note and _reader(note, removed)


def _is_of(quote: Quote, article_ids: frozenset[str]) -> bool:
    return not named_articles(quote).isdisjoint(article_ids)


def _quote(quote: Quote, article_ids: frozenset[str]) -> Quote:
    """Return a sentence without its words, and without what else they are known by, where it is of these articles."""
    if not _is_of(quote, article_ids):
        return quote
    known_by = {"url": None, "title": None, "author": None} if quote.article_id in article_ids else {}
    copies = [copy for copy in quote.copies if copy.article_id not in article_ids]
    return quote.model_copy(update={"quote": "", "copies": copies, **known_by})


def _citation(citation: Citation, article_ids: frozenset[str]) -> Citation:
    return citation.model_copy(update=dict(_quote(citation, article_ids)))


def _dropped(dropped: Dropped, article_ids: frozenset[str]) -> Dropped:
    if dropped.nearest and not _is_of(dropped.nearest, article_ids):
        return dropped
    nearest = dropped.nearest and _quote(dropped.nearest, article_ids)
    return dropped.model_copy(update={"text": "", "reason": "", "nearest": nearest, "gates": None})


def _without_statements(answer: Answer, gone: frozenset[str]) -> Answer:
    """Return the answer without its text and without the statements that rest on the citations `gone`."""
    return _without_rewriting(answer).model_copy(
        update={
            "answer": "",
            "steps": [],
            "notes": [],
            "statements": [_statement(statement, gone) for statement in answer.statements],
            "conflicts": [_conflict(conflict, gone) for conflict in answer.conflicts],
        }
    )


def _statement(statement: Statement, gone: frozenset[str]) -> Statement:
    words = {} if gone.isdisjoint(statement.citation_ids) else {"text": "", "gates": None}
    return statement.model_copy(update={"question": None, **_NOWHERE, **words})


def _conflict(conflict: Conflict, gone: frozenset[str]) -> Conflict:
    values = [
        value.model_copy(update={"text": ""}) if value.citation_id in gone else value for value in conflict.values
    ]
    return Conflict(question="", values=values)


def _without_rewriting(answer: Answer) -> Answer:
    """Return the answer without the wordings of its question that the model may have written."""
    return answer.model_copy(
        update={
            "searched": [],
            "missing": [],
            "statements": [statement.model_copy(update={"question": None}) for statement in answer.statements],
            "conflicts": [conflict.model_copy(update={"question": ""}) for conflict in answer.conflicts],
        }
    )


def _turn(turn: Turn, removed: Removed) -> Turn:
    gone = removed.is_in(turn.content, by_reader=turn.role == "user")
    return turn.model_copy(update={"content": ""}) if gone else turn


def _reader(text: str, removed: Removed) -> str:
    return "" if removed.is_in(text, by_reader=True) else text


def _difference(before: Answer, after: Answer) -> Removed:
    sentences = {quote.quote for quote in quotes(before)} - {quote.quote for quote in quotes(after)}
    written = set(_written(before)) - set(_written(after))
    return Removed(frozenset(map(_flat, sentences)) - {""}, frozenset(map(_flat, written)) - {""})


def _written(answer: Answer) -> Iterator[str]:
    """Yield what the model wrote of the articles."""
    yield answer.answer
    yield from (statement.text for statement in answer.statements)
    yield from (step.text for step in answer.steps)
    yield from (dropped.text for dropped in answer.dropped)
    yield from (value.text for conflict in answer.conflicts for value in conflict.values)


def _flat(text: str) -> str:
    return " ".join(text.split())
