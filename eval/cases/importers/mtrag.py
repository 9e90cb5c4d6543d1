"""MTRAG (Katsis et al. 2025), from the files of IBM/mt-rag-benchmark: conversations, or tasks made of their turns."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import AliasChoices, BaseModel, ConfigDict, Field, RootModel

from eval.cases.importers.writing import SEED, check_free, distinct, drawn, first_words, holds_words, safe_id, write_set
from eval.cases.lines import read_line_models, read_model
from eval.cases.model import Case, CaseSet, Span
from eval.measure.rows import as_stored
from service.contract.requests import Turn

__all__ = ["import_mtrag"]

_ASKED_AT = "2025-01-07"  # when MTRAG was published
_REMEDY = "name conversations.json, or a file of generation tasks such as reference.jsonl"
_OUTCOMES: Mapping[str, Literal["answered", "partial", "not_found"]] = {
    "ANSWERABLE": "answered",
    "PARTIAL": "partial",
    "UNANSWERABLE": "not_found",
}
_Articles = dict[str, tuple[str, str]]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Vote(_Row):
    value: str = ""


class _Feedback(_Row):
    relevant: dict[str, _Vote] = {}


class _Context(_Row):
    document_id: str
    text: str = ""
    title: str | None = None
    feedback: _Feedback = _Feedback()

    @property
    def relevant(self) -> bool:
        """Tell whether an annotator said so, or none said anything."""
        votes = [vote.value for vote in self.feedback.relevant.values()]
        return "yes" in votes or not votes


class _Labelled(_Row):
    # the files write the name both ways
    labels: tuple[str, ...] = Field((), validation_alias=AliasChoices("Answerability", "answerability"))


class _Message(_Row):
    speaker: Literal["user", "agent"]
    text: str
    contexts: tuple[_Context, ...] = ()
    enrichments: _Labelled = _Labelled()


class _Task(_Labelled):
    task_id: str
    input: tuple[_Message, ...] = Field(min_length=1)
    contexts: tuple[_Context, ...] = ()


class _Conversation(_Row):
    conversation_id: str = ""
    messages: tuple[_Message, ...]


class _Conversations(RootModel[tuple[_Conversation, ...]]):
    pass


@dataclass(frozen=True)
class _Asked:
    """A turn of a user, what was said before, what was shown for it, and whether that answers it."""

    id: str
    question: str
    history: tuple[_Message, ...]
    contexts: tuple[_Context, ...]
    label: str


def import_mtrag(file: Path, out: Path, *, limit: int | None = None, seed: int = SEED) -> CaseSet:
    """Write the turns of a file of conversations (`.json`) or tasks (`.jsonl`) into the folder `out` as a set.

    The passages that come with the turns, relevant or not, are the articles. MTRAG knows which of them are relevant,
    not which sentences, and its long answers are no golds. So a case has one group, of which any relevant passage is
    enough, and quotes it whole where it is short, else its first 300 characters up to a word: recall counted by article
    is right, by sentence it is not. Labels say the outcome: ANSWERABLE answered, PARTIAL partial, UNANSWERABLE to be
    refused. Turns of other labels (CONVERSATIONAL, UNDERSPECIFIED) are left out, and those to be answered without a
    relevant passage. `limit` turns, spread evenly, or all. Raises SetMissingError, SetFormatError or SetExistsError.
    """
    check_free(out)
    asked = list(_read(file))
    articles = _articles(asked)
    usable = [one for one in asked if one.label in _OUTCOMES and (_is_refused(one) or _relevant(one, articles))]
    rows = distinct(usable, lambda one: (one.question.casefold(), tuple(message.text for message in one.history)))
    cases = tuple(_case(one, articles) for one in drawn(rows, limit, seed))
    about = f"Turns of MTRAG, from {file.name}, Apache-2.0; only whole passages are known to be relevant"
    return write_set(out, CaseSet(name="mtrag", about=about, articles=(), asked_at=_ASKED_AT, cases=cases), articles)


def _read(file: Path) -> Iterator[_Asked]:
    if file.suffix == ".jsonl":
        for task in read_line_models(file, _Task, _REMEDY):
            *history, last = task.input
            yield _Asked(task.task_id, last.text, tuple(history), task.contexts, _only(task.labels))
    else:
        for number, conversation in enumerate(read_model(file, _Conversations, _REMEDY).root, 1):
            yield from _turns(conversation, conversation.conversation_id or f"conversation-{number}")


def _turns(conversation: _Conversation, name: str) -> Iterator[_Asked]:
    messages = conversation.messages
    places = (i for i, message in enumerate(messages) if message.speaker == "user")
    for number, i in enumerate(places, 1):
        shown = tuple(context for reply in messages[i + 1 : i + 2] for context in reply.contexts)
        label = _only(messages[i].enrichments.labels)
        yield _Asked(f"{name}<::>{number}", messages[i].text, messages[:i], shown, label)


def _only(labels: tuple[str, ...]) -> str:
    return labels[0].upper() if len(labels) == 1 else ""


def _articles(asked: Iterable[_Asked]) -> _Articles:
    """Return title and text of each passage by id, as it stands where it comes first."""
    articles: _Articles = {}
    for context in (context for one in asked for context in one.contexts if holds_words(context.text)):
        articles.setdefault(safe_id(context.document_id), (as_stored(context.title or ""), as_stored(context.text)))
    return articles


def _is_refused(one: _Asked) -> bool:
    return _OUTCOMES[one.label] == "not_found"


def _relevant(one: _Asked, articles: _Articles) -> list[str]:
    ids = dict.fromkeys(safe_id(context.document_id) for context in one.contexts if context.relevant)
    return [article_id for article_id in ids if article_id in articles]


def _case(one: _Asked, articles: _Articles) -> Case:
    spans = tuple(Span(article=key, quote=first_words(articles[key][1])) for key in _relevant(one, articles))
    history = tuple(
        Turn(role="user" if message.speaker == "user" else "assistant", content=message.text) for message in one.history
    )
    return Case(
        id=safe_id(one.id.replace("<::>", "::")),
        slice="unanswerable" if _is_refused(one) else "follow-up" if history else "single",
        question=one.question,
        history=history,
        outcome=_OUTCOMES[one.label],
        required=() if _is_refused(one) else (spans,),
    )
