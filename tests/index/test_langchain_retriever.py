import asyncio
import doctest
import threading
import time
from collections.abc import Callable, Sequence

import pytest
from langchain_core.documents import Document
from langchain_core.language_models import FakeListChatModel
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.output_parsers import StrOutputParser
from langchain_core.prompts import ChatPromptTemplate
from langchain_core.runnables import ConfigurableField, RunnableLambda, RunnablePassthrough
from pydantic import ValidationError

from index import langchain_retriever
from index.articles import Article
from index.errors import StorageError
from index.langchain_retriever import PullquoteRetriever, Searchable
from index.library import Library
from index.retrieval import LIMIT
from index.search import Evidence, Filters, Found, FoundPassage

QUESTION = "When did the Gannet Bridge open?"
METADATA = {
    "title": "Gannet Bridge",
    "author": "Abara",
    "outlet": "Courier",
    "url": "https://courier.example/bridge",
    "published_at": "2022-06",
}


class Hearing:
    """A library of one article that remembers how it was searched, and whether two searches ever met."""

    def __init__(self, article: Article) -> None:
        self.article = article
        self.heard: list[tuple[list[str], int, int, Filters | None]] = []
        self.met = False
        self._inside = threading.Lock()

    def search(self, questions: Sequence[str], *, limit: int, budget_tokens: int, filters: Filters | None) -> Found:
        """Return three sentences of which the second is the best, and two passages."""
        self.met = self.met or not self._inside.acquire(blocking=False)
        self.heard.append((list(questions), limit, budget_tokens, filters))
        time.sleep(0.01)
        if not self.met:
            self._inside.release()
        spans = ((0, 10, 0.2), (11, 20, 0.9), (21, 30, 0.2))
        return Found(
            passages=(FoundPassage(self.article, 0, 30, 1.5), FoundPassage(self.article, 11, 30, 1.0)),
            evidence=tuple(Evidence(number, self.article, *span) for number, span in enumerate(spans, 1)),
            searched=tuple(questions),
            articles_searched=1,
            articles_in_all=1,
        )


@pytest.fixture
def hearing(article: Callable[..., Article]) -> Hearing:
    """Return a library that remembers how it was searched."""
    return Hearing(article("bridge"))


@pytest.fixture
def filled(library: Library, article: Callable[..., Article]) -> Library:
    """Return a real library of three articles."""
    library.add(article("bridge", **METADATA))
    library.add(article("ferry", "Ferries to Port Ellis sail again. They are blue.", outlet="Ledger"))
    library.add(article("mixed", "Café 👨‍👩‍👧‍👦 opened. שלום עולם."))
    return library


def ids(documents: Sequence[Document]) -> list[str | None]:
    """Return the ids of documents."""
    return [document.id for document in documents]


def test_the_example_works() -> None:
    """What the module's docstring shows is what happens."""
    results = doctest.testmod(langchain_retriever)
    assert results.attempted > 10
    assert results.failed == 0


def test_a_sentence_with_all_its_metadata(filled: Library) -> None:
    """The best sentence comes first, as stored, and says where it stands and in what."""
    found = PullquoteRetriever(library=filled).invoke(QUESTION)
    stored = filled.reader.article("bridge")
    assert found[0].page_content == "The Gannet Bridge opened on Monday."
    assert found[0].id == "bridge:0-35"
    score, number = found[0].metadata.pop("score"), found[0].metadata.pop("number")
    assert score == max(document.metadata.get("score", score) for document in found)
    assert number >= 1
    assert found[0].metadata == {
        "article_id": "bridge",
        "version": stored.version,
        "start": 0,
        "end": 35,
        **METADATA,
    }


@pytest.mark.parametrize("what", ["sentences", "passages"])
def test_every_document_is_cut_from_its_article(filled: Library, what: str) -> None:
    """Offsets lead back to exactly the text, with emoji and right-to-left text before them, the best first."""
    found = PullquoteRetriever.model_validate({"library": filled, "what": what}).invoke("Café opened שלום")
    assert {document.metadata["article_id"] for document in found} == {"bridge", "ferry", "mixed"}
    for document in found:
        article = filled.reader.article(document.metadata["article_id"])
        start, end = document.metadata["start"], document.metadata["end"]
        assert document.page_content == article.text[start:end]
        assert document.id == f"{article.id}:{start}-{end}"
        assert ("number" in document.metadata) == (what == "sentences")
    scores = [document.metadata["score"] for document in found]
    assert scores == sorted(scores, reverse=True)


def test_what_is_not_known_is_none(filled: Library) -> None:
    """Metadata have the same names for every document, so that a template may name them."""
    (found,) = PullquoteRetriever(library=filled, k=1).invoke("Ferries to Port Ellis")
    assert found.metadata["outlet"] == "Ledger"
    assert (found.metadata["title"], found.metadata["url"], found.metadata["published_at"]) == (None, None, None)


def test_sentences_come_best_first_and_keep_their_numbers(hearing: Hearing) -> None:
    """Sentences of the same score stay in reading order."""
    found = PullquoteRetriever(library=hearing).invoke("x")
    assert [document.metadata["number"] for document in found] == [2, 1, 3]
    assert ids(PullquoteRetriever(library=hearing, k=2).invoke("x")) == ["bridge:11-20", "bridge:0-10"]


def test_passages_come_as_they_were_found(hearing: Hearing) -> None:
    """No more than k of them."""
    assert ids(PullquoteRetriever(library=hearing, what="passages").invoke("x")) == ["bridge:0-30", "bridge:11-30"]
    assert ids(PullquoteRetriever(library=hearing, what="passages", k=1).invoke("x")) == ["bridge:0-30"]


def test_its_fields_reach_the_library(hearing: Hearing) -> None:
    """Passages are asked for by k; sentences are chosen from no fewer passages than the library's own default."""
    filters = Filters(outlets=("Courier",))
    PullquoteRetriever(library=hearing).invoke("a")
    PullquoteRetriever(library=hearing, k=3, budget_tokens=90, filters=filters).invoke("b")
    PullquoteRetriever(library=hearing, k=LIMIT + 1).invoke("c")
    PullquoteRetriever(library=hearing, k=3, what="passages").invoke("d")
    assert hearing.heard == [
        (["a"], LIMIT, 350, None),
        (["b"], LIMIT, 90, filters),
        (["c"], LIMIT + 1, 350, None),
        (["d"], 3, 350, None),
    ]


def test_filters_are_kept(filled: Library) -> None:
    """Only what the filters admit is found."""
    found = PullquoteRetriever(library=filled, filters=Filters(outlets=("Ledger",))).invoke(QUESTION)
    assert {document.metadata["article_id"] for document in found} == {"ferry"}
    assert PullquoteRetriever(library=filled, filters=Filters(outlets=("None",))).invoke(QUESTION) == []


@pytest.mark.parametrize(
    "wrong", [{"k": 0}, {"budget_tokens": 0}, {"what": "words"}, {"filters": {"outlet": "typo"}}, {"library": "path"}]
)
def test_wrong_fields_are_refused(hearing: Hearing, wrong: dict[str, object]) -> None:
    """A field that cannot be is named when the retriever is made."""
    with pytest.raises(ValidationError, match=next(iter(wrong))):
        PullquoteRetriever.model_validate({"library": hearing, **wrong})


def test_a_library_is_searchable(library: Library, hearing: Hearing) -> None:
    """The real library and one of a test's own have what the retriever needs."""
    assert isinstance(library, Searchable)
    assert isinstance(hearing, Searchable)


def test_errors_of_the_index_pass_through(filled: Library) -> None:
    """A chain sees what was wrong."""

    class Broken:
        def search(self, questions: Sequence[str], **options: object) -> Found:
            raise StorageError(f"no disk for {questions} {len(options)}")

    with pytest.raises(StorageError, match="no disk"):
        PullquoteRetriever(library=Broken()).invoke(QUESTION)
    filled.close()


def test_in_a_chain(filled: Library) -> None:
    """Retriever, format, prompt, model and parser make an answer; the model is shown the best sentence first."""
    shown: list[str] = []

    def quoted(documents: list[Document]) -> str:
        return "\n".join(f"{document.id}: {document.page_content}" for document in documents)

    def look(prompt: object) -> object:
        shown.append(str(prompt))
        return prompt

    prompt = ChatPromptTemplate.from_template("{sentences}\n\n{question}")
    retriever = PullquoteRetriever(library=filled, k=2)
    given = {"sentences": retriever | quoted, "question": RunnablePassthrough()}
    model = GenericFakeChatModel(messages=iter(["On Monday.", "Streamed too."]))
    chain = given | prompt | RunnableLambda(look) | model | StrOutputParser()
    assert chain.invoke(QUESTION) == "On Monday."
    assert "bridge:0-35: The Gannet Bridge opened on Monday." in shown[0]
    assert "".join(chain.stream(QUESTION)) == "Streamed too."


def test_a_batch_gives_what_each_question_gives(filled: Library) -> None:
    """Many questions at once, in several threads, are answered as one by one."""
    retriever = PullquoteRetriever(library=filled, k=3)
    questions = [QUESTION, "Ferries to Port Ellis", "What did it cost?", "Café"] * 5
    assert retriever.batch(questions) == [retriever.invoke(question) for question in questions]


def test_without_blocking(filled: Library) -> None:
    """A chain that is awaited, many times at once, gives the same."""
    retriever = PullquoteRetriever(library=filled)
    chain = retriever | (lambda found: found[0].page_content) | FakeListChatModel(responses=["yes"]) | StrOutputParser()

    async def story() -> tuple[list[list[Document]], str]:
        found = await asyncio.gather(*(retriever.ainvoke(QUESTION) for _ in range(8)))
        return found, await chain.ainvoke(QUESTION)

    found, said = asyncio.run(story())
    assert all(documents == retriever.invoke(QUESTION) for documents in found)
    assert said == "yes"


def test_searches_never_meet(hearing: Hearing) -> None:
    """Threads of a batch wait for each other, those of copies and of configured ones too, since a library needs it."""
    retriever = PullquoteRetriever(library=hearing)
    copy = retriever.model_copy(update={"k": 1})
    configured = retriever.configurable_fields(k=ConfigurableField(id="k")).with_config(configurable={"k": 2})
    threads = [
        threading.Thread(target=each.batch, args=(["a", "b", "c"],))
        for each in (retriever, copy, configured, PullquoteRetriever(library=hearing, lock=retriever.lock))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(hearing.heard) == 12
    assert not hearing.met
