"""SQuAD 1.1 and 2.0 (Rajpurkar et al. 2016 and 2018), from the official JSON."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from pydantic import BaseModel, ConfigDict

from eval.cases.importers.writing import SEED, check_free, distinct, drawn, safe_id, write_set
from eval.cases.lines import read_model
from eval.cases.model import Case, CaseSet, Span
from eval.cases.validating import DERIVED
from eval.measure.rows import as_stored
from eval.metrics.normalise import holds, normalise
from index.sentences import split_sentences

__all__ = ["import_squad"]

_ASKED_AT = "2018-06-11"  # when SQuAD 2.0 was published
_BETWEEN = "\n\n"
_REMEDY = "name an official file of SQuAD, such as dev-v2.0.json"
_PART_OF_A_WORD = f"{DERIVED}: the annotated answer is part of a word"


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Answer(_Row):
    text: str
    answer_start: int


class _Question(_Row):
    id: str
    question: str
    answers: tuple[_Answer, ...] = ()
    is_impossible: bool = False


class _Paragraph(_Row):
    context: str
    qas: tuple[_Question, ...]


class _Article(_Row):
    title: str
    paragraphs: tuple[_Paragraph, ...]


class _File(_Row):
    data: tuple[_Article, ...]


@dataclass(frozen=True)
class _Asked:
    """A question and its paragraph, which begins at `start` in the article's text."""

    question: _Question
    context: str
    article_id: str
    text: str
    start: int


def import_squad(file: Path, out: Path, *, limit: int | None = None, seed: int = SEED) -> CaseSet:
    """Write the set of one official JSON file of SQuAD into the folder `out`, and return it.

    An article is a title's paragraphs with blank lines between. Answers of all annotators are aliases in one group,
    proven by any of the sentences that they mark, each long enough to stand first where it was marked. What is
    impossible of its own paragraph is to be refused, though another article may happen to tell it. Of questions in the
    same words only the first is kept; `limit` of them, spread evenly, or all. All articles are kept.
    Raises SetMissingError, SetFormatError or SetExistsError.
    """
    check_free(out)
    whole = read_model(file, _File, _REMEDY)
    asked = distinct((one for article in whole.data for one in _asked(article)), _wording)
    rows = [row for row in asked if row.question.is_impossible or _marked(row)]
    about = f"Questions of SQuAD, from {file.name}, CC BY-SA 4.0"
    cases = tuple(_case(row) for row in drawn(rows, limit, seed))
    articles = {safe_id(article.title): (_title(article), _text(article)) for article in whole.data}
    return write_set(out, CaseSet(name="squad", about=about, articles=(), asked_at=_ASKED_AT, cases=cases), articles)


def _asked(article: _Article) -> Iterator[_Asked]:
    text, article_id, start = _text(article), safe_id(article.title), 0
    for paragraph in article.paragraphs:
        for question in paragraph.qas:
            if question.question.strip():
                yield _Asked(question, paragraph.context, article_id, text, start)
        start += len(as_stored(paragraph.context)) + len(_BETWEEN)


def _wording(row: _Asked) -> str:
    return " ".join(row.question.question.casefold().split())


def _title(article: _Article) -> str:
    return unquote(article.title).replace("_", " ")


def _text(article: _Article) -> str:
    return _BETWEEN.join(as_stored(paragraph.context) for paragraph in article.paragraphs)


def _case(row: _Asked) -> Case:
    question = row.question
    if question.is_impossible:
        return Case(id=safe_id(question.id), slice="unanswerable", question=question.question, outcome="not_found")
    marked = _marked(row)
    golds = tuple(dict.fromkeys(as_stored(answer.text) for answer in marked))
    quotes = tuple(dict.fromkeys(_quote(row, answer) for answer in marked))
    stands = any(holds(normalise(quote), normalise(gold)) for quote in quotes for gold in golds)
    return Case(
        id=safe_id(question.id),
        slice="single",
        question=question.question,
        outcome="answered",
        answers=(golds,),
        required=(tuple(Span(article=row.article_id, quote=quote) for quote in quotes),),
        note="" if stands else _PART_OF_A_WORD,
    )


def _marked(row: _Asked) -> list[_Answer]:
    """Return the answers that stand where they are said to."""
    return [answer for answer in row.question.answers if answer.text and _marks(row.context, answer)]


def _marks(context: str, answer: _Answer) -> bool:
    return context[answer.answer_start : answer.answer_start + len(answer.text)] == answer.text


def _quote(row: _Asked, answer: _Answer) -> str:
    """Return the sentence of an answer, with those before it, one by one, while its words stand earlier in the text."""
    sentences = split_sentences(row.context)
    start, end = answer.answer_start, answer.answer_start + len(answer.text)
    touched = [i for i, one in enumerate(sentences) if one.start < end and start < one.end]
    for i in range(touched[0], -1, -1) if touched else ():
        quote = as_stored(row.context[sentences[i].start : sentences[touched[-1]].end])
        if row.text.find(quote) == row.start + len(as_stored(row.context[: sentences[i].start])):
            return quote
    return as_stored(row.context)
