r"""Pullquote as a LangChain retriever: sentences or passages as documents whose offsets lead back to the article.

    >>> from pathlib import Path
    >>> from langchain_core.language_models import FakeListChatModel  # in earnest, any chat model
    >>> from langchain_core.output_parsers import StrOutputParser
    >>> from langchain_core.prompts import ChatPromptTemplate
    >>> from langchain_core.runnables import RunnablePassthrough
    >>> from index import Library, make_article
    >>> from index.encoders import FakeEncoder  # in earnest, SentenceTransformerEncoder(folder, name=...)
    >>> from index.langchain_retriever import PullquoteRetriever
    >>> text = "The Gannet Bridge opened on Monday. Ferries stopped the same evening."
    >>> library = Library(Path("articles"), FakeEncoder)
    >>> added = library.add(make_article({"id": "bridge", "text": text}, place="example"))
    >>> retriever = PullquoteRetriever(library=library, k=1)
    >>> [found] = retriever.invoke("When did the Gannet Bridge open?")
    >>> found.id, found.page_content
    ('bridge:0-35', 'The Gannet Bridge opened on Monday.')
    >>> def quoted(documents):
    ...     return "\n".join(f'{document.id} "{document.page_content}"' for document in documents)
    >>> prompt = ChatPromptTemplate.from_template("Sentences:\n{sentences}\n\nQuestion: {question}")
    >>> model = FakeListChatModel(responses=["On Monday [bridge:0-35]."])
    >>> given = {"sentences": retriever | quoted, "question": RunnablePassthrough()}
    >>> chain = given | prompt | model | StrOutputParser()
    >>> chain.invoke("When did the Gannet Bridge open?")
    'On Monday [bridge:0-35].'
    >>> library.close()

Importing langchain_core takes half a second, so `index` itself does not export this.
"""

import threading
from collections.abc import Sequence
from contextlib import AbstractContextManager
from typing import Literal, Protocol, runtime_checkable

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, InstanceOf, SkipValidation

from index.retrieval import LIMIT
from index.search import Evidence, Filters, Found, FoundPassage

__all__ = ["PullquoteRetriever", "Searchable"]

_METADATA = ("title", "author", "outlet", "url", "published_at")


@runtime_checkable
class Searchable(Protocol):
    """What can be searched as a Library can."""

    def search(self, questions: Sequence[str], *, limit: int, budget_tokens: int, filters: Filters | None) -> Found:
        """Return the best `limit` passages, and evidence of at most `budget_tokens` encoder tokens."""
        ...


class PullquoteRetriever(BaseRetriever):
    """Find the best `k` sentences (fewer where `budget_tokens` is used up) or passages, the best first.

    A document's `page_content` is exactly `article.text[start:end]`, its `id` is "article_id:start-end", and its
    metadata are article_id, version, start, end, score, title, author, outlet, url and published_at (None where
    unknown), and of a sentence `number`, which counts from 1 in reading order. Errors of the index pass through.

    A library takes one call at a time, and `batch` and `ainvoke` bring several threads: calls wait for `lock`. Give
    the same one to all that use the library.
    """

    library: InstanceOf[Searchable]
    k: int = Field(8, ge=1)
    budget_tokens: int = Field(350, ge=1)
    filters: InstanceOf[Filters] | None = None
    what: Literal["sentences", "passages"] = "sentences"
    lock: SkipValidation[AbstractContextManager[object]] = Field(
        default_factory=threading.Lock, exclude=True, repr=False
    )

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager  # one step has nothing to report between its beginning and its end
        limit = self.k if self.what == "passages" else max(self.k, LIMIT)
        with self.lock:
            found = self.library.search([query], limit=limit, budget_tokens=self.budget_tokens, filters=self.filters)
        if self.what == "passages":
            return [_document(passage) for passage in found.passages[: self.k]]
        best = sorted(found.evidence, key=lambda evidence: -evidence.score)[: self.k]
        return [_document(evidence, number=evidence.number) for evidence in best]


def _document(found: FoundPassage | Evidence, **metadata: int) -> Document:
    article = found.article
    return Document(
        id=f"{article.id}:{found.start}-{found.end}",
        page_content=article.text[found.start : found.end],
        metadata={
            "article_id": article.id,
            "version": article.version,
            "start": found.start,
            "end": found.end,
            "score": found.score,
            **{name: getattr(article, name) for name in _METADATA},
            **metadata,
        },
    )
