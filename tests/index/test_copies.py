from collections.abc import Callable, Iterable, Iterator

import pytest

from index.articles import Article
from index.candidates import Candidate
from index.copies import without_copies
from index.encoders import FakeEncoder
from index.library import Library
from index.scoring import ScoredPassage
from index.search import Filters, Found

Make = Callable[..., Article]
OUTLETS = ("Courier", "Herald", "Tribune", "Observer", "Gazette")
LEAD = (
    "A fire destroyed the old town hall of Ember on Monday night. Twelve people were hurt when the roof fell in. "
    "Mayor Abara said that the archive was lost. Firemen from Saltmere and Corvane came to help before midnight. "
    "Smoke could be seen from the other side of the bay until the morning."
)
REST = (
    "The hall was built in 1788 by the merchants of the harbour. It had been closed for repairs since last spring. "
    "An electric heater on the second floor was left on by workers. The police have questioned two of them. "
    "The council will meet on Thursday to talk about a new building. Insurance covers about nine million crowns."
)
WIRE = f"{LEAD}\n\n{REST}"
QUESTION = "Who was hurt when the roof of the town hall of Ember fell in?"


def add_wire(library: Library, article: Make, texts: Iterable[str]) -> None:
    """Add an article of each outlet, each of which begins a line lower than the one before."""
    made = [
        article(outlet.lower(), "\n" * i + text, outlet=outlet)
        for i, (outlet, text) in enumerate(zip(OUTLETS, texts, strict=False))
    ]
    assert len(list(library.add_all(made))) == len(made)


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory, article: Make) -> Iterator[Library]:
    """Hold the same report in five outlets, and something else that was said about the town; to be read only."""
    library = Library(tmp_path_factory.mktemp("wire"), FakeEncoder)
    add_wire(library, article, [WIRE] * 5)
    library.add(article("other", "The harbour of Ember has a new roof. Nobody was hurt when the old hall was emptied."))
    yield library
    library.close()


def quoted(found: Found) -> list[str]:
    """Return the evidence as strings."""
    return [evidence.text for evidence in found.evidence]


def test_copies_do_not_fill_the_evidence(wire: Library) -> None:
    """Of a report in five outlets each sentence stands once, in one of them, and others have their place."""
    found = wire.search([QUESTION], budget_tokens=10_000)
    assert len(quoted(found)) == len(set(quoted(found))) == 13
    assert len({evidence.article.id for evidence in found.evidence}) == 2
    assert "other" in {evidence.article.id for evidence in found.evidence}


def test_copies_do_not_fill_the_passages(wire: Library) -> None:
    """Each passage stands once, and says in how many other articles it was."""
    found = wire.search([QUESTION], limit=3)
    texts = [passage.article.text[passage.start : passage.end] for passage in found.passages]
    assert len(texts) == len(set(texts)) == 3
    assert sorted(found_copies(found)) == [0, 4, 4]


def found_copies(found: Found) -> list[int]:
    """Return the number of copies of each passage."""
    return [passage.copies for passage in found.passages]


def test_evidence_names_the_other_outlets(wire: Library) -> None:
    """Each sentence says where else it stands, by exact offsets, in every article of the story but its own."""
    for evidence in wire.search([QUESTION], budget_tokens=10_000).evidence:
        ids = [copy.article.id for copy in evidence.copies]
        if evidence.article.id == "other":
            assert ids == []
            continue
        assert sorted([*ids, evidence.article.id]) == sorted(outlet.lower() for outlet in OUTLETS)
        for copy in evidence.copies:
            assert copy.article.text[copy.start : copy.end] == evidence.text
            assert copy.article == wire.reader.article(copy.article.id)
            assert copy.start != evidence.start


def test_white_space_and_quotation_marks_make_no_difference(library: Library, article: Make) -> None:
    """A copy whose lines are broken elsewhere, or whose quotation marks are typed otherwise, is one."""
    text = WIRE.replace("the archive was lost", '"the archive" was the town\'s')
    typed = text.replace(' "', " “").replace('" ', "” ").replace("'", "’").replace(" was ", "\nwas  ")
    add_wire(library, article, [text, typed])
    found = library.search([QUESTION], budget_tokens=10_000)
    assert len(found.evidence) == 11
    assert found_copies(found) == [1, 1]
    for evidence in found.evidence:
        (copy,) = evidence.copies
        assert copy.article.text[copy.start : copy.end].split()[0] == evidence.text.split()[0]


def test_copies_of_several_questions(wire: Library) -> None:
    """However many questions ask for it, a sentence stands once."""
    found = wire.search([QUESTION, "roof fell in", "Ember town hall fire"], budget_tokens=10_000)
    assert len(quoted(found)) == len(set(quoted(found)))
    assert sorted(found_copies(found)) == [0, 4, 4]


@pytest.mark.parametrize("outlets", [["Herald"], ["Herald", "Gazette"], ["Courier", "Tribune", "Observer"]])
def test_a_filter_keeps_copies_out(wire: Library, outlets: list[str]) -> None:
    """No copy is named or counted that the filter leaves out."""
    found = wire.search([QUESTION], filters=Filters(outlets=outlets))
    assert found.evidence
    for evidence in found.evidence:
        told = [evidence.article.outlet, *(copy.article.outlet for copy in evidence.copies)]
        assert sorted(map(str, told)) == sorted(outlets)
    assert found_copies(found) == [len(outlets) - 1] * 2


def test_copies_follow_changes(library: Library, article: Make) -> None:
    """A removed article and one that tells something else now are copies no more; an added one is."""
    add_wire(library, article, [WIRE] * 5)
    library.remove("herald")
    library.add(article("gazette", "The weather will be fine.", outlet="Gazette"))
    library.add(article("mirror", WIRE.replace("Monday night", "Monday evening"), outlet="Mirror"))
    copies = {evidence.text: evidence for evidence in library.search([QUESTION]).evidence}
    hurt = copies["Twelve people were hurt when the roof fell in."]
    ids = {hurt.article.id, *(copy.article.id for copy in hurt.copies)}
    assert ids == {"courier", "tribune", "observer", "mirror"}


@pytest.mark.parametrize("gap", [" ", "\n\n"], ids=["one passage", "two passages"])
def test_a_shortened_copy(library: Library, article: Make, gap: str) -> None:
    """What a shorter copy has in common stands once, and the rest of the longer one is there too."""
    sentences = REST.split(". ")
    add_wire(library, article, [LEAD + gap + REST, f"{LEAD}{gap}{'. '.join(sentences[:4])}."])
    found = library.search([QUESTION, "insurance"], budget_tokens=10_000)
    assert len(quoted(found)) == len(set(quoted(found))) == 11
    assert [len(e.copies) for e in found.evidence if e.text.startswith("Insurance")] == [0]
    assert [len(e.copies) for e in found.evidence if e.text.startswith("Twelve")] == [1]


DIFFERENCES = {
    "number": ("Twelve people", "Eleven people"),
    "digits": ("in 1788", "in 1798"),
    "name": ("Mayor Abara", "Mayor Okoro"),
    "negation": ("the archive was lost", "the archive was not lost"),
    "order": ("Saltmere and Corvane came", "Corvane and Saltmere came"),
}
SMALL_DIFFERENCES = {
    "name of the same stem": ("Mayor Robert knew", "Mayor Roberts knew"),
    "currency": ("it cost $9 million", "it cost €9 million"),
    "sign": ("it fell to -5 degrees", "it fell to 5 degrees"),
    "unit": ("it grew by 5% in May", "it grew by 5 in May"),
    "direction": ("he walked from Saltmere to Corvane", "he walked to Saltmere from Corvane"),
    "time": ("the bridge was opened", "the bridge will be opened"),
    "abbreviated name": ("this was confirmed by the WHO", "this was confirmed by it"),
}


@pytest.mark.parametrize(("one", "other"), [*DIFFERENCES.values()], ids=[*DIFFERENCES])
def test_a_difference_is_not_hidden(library: Library, article: Make, one: str, other: str) -> None:
    """A sentence with another number or name, in an otherwise equal copy, stands beside the first."""
    assert one in WIRE
    add_wire(library, article, [WIRE, WIRE.replace(one, other)])
    found = library.search([QUESTION], budget_tokens=10_000)
    (first,) = [e for e in found.evidence if one in e.text and other not in e.text]
    (second,) = [e for e in found.evidence if other in e.text]
    assert first.copies == second.copies == ()
    assert len(found.evidence) == 12
    assert sorted(found_copies(found)) == [0, 0, 1]


def test_a_small_difference_is_not_hidden(library: Library, article: Make, report: Callable[..., list[str]]) -> None:
    """What differs in meaning is no copy, though its stems are the same; what is the same is one."""
    common = " ".join(report(1))
    variants = [[pair[i] for pair in SMALL_DIFFERENCES.values()] for i in range(2)]
    add_wire(library, article, [" ".join([common, *(f"It is known that {v}." for v in own)]) for own in variants])
    found = library.search(["It is known that"], budget_tokens=10_000)
    shown = " ".join(quoted(found))
    assert [variant for own in variants for variant in own if variant not in shown] == []
    for evidence in found.evidence:
        assert len(evidence.copies) == int(evidence.text in common)


def test_another_story_may_use_the_same_words(
    library: Library, article: Make, report: Callable[..., list[str]]
) -> None:
    """A sentence of two articles that are no copies of each other stands twice."""
    for i in range(2):
        library.add(article(f"a{i}", " ".join([*report(i), "Subscribe to our newsletter today."])))
    found = library.search(["Subscribe newsletter"], budget_tokens=30)
    subscribe = [e for e in found.evidence if e.text.startswith("Subscribe")]
    assert [e.copies for e in subscribe] == [(), ()]


def test_an_article_is_no_copy_of_itself(library: Library, article: Make) -> None:
    """A sentence that stands twice in one article is told with both places in a copy, and never with its own."""
    add_wire(library, article, [f"{WIRE} Twelve people were hurt when the roof fell in."] * 2 + [WIRE] * 3)
    for evidence in library.search([QUESTION], budget_tokens=10_000).evidence:
        assert evidence.article.id not in [copy.article.id for copy in evidence.copies]


def test_a_sentence_that_a_pronoun_brings_stands_once(library: Library, article: Make) -> None:
    """Where copies differ after a shared sentence, that is shown once and is no copy of itself."""
    text = f"{WIRE} The mayor of Quennell arrived at noon. He brought {{}} blankets from Quennell."
    add_wire(library, article, [text.format("ninety"), text.format("eighty")])
    found = library.search(["Who brought blankets from Quennell?"], budget_tokens=60)
    assert sum(text.startswith("He brought") for text in quoted(found)) == 2
    assert quoted(found).count("The mayor of Quennell arrived at noon.") == 1
    for evidence in found.evidence:
        assert evidence.article.id not in [copy.article.id for copy in evidence.copies]


def test_candidates_without_copies(candidate: Callable[..., Candidate]) -> None:
    """The first of equal passages of a story stays, with the number of the others."""
    words = ["the hall burn", "nobodi hurt"]
    candidates = [
        candidate(1, words, story=7),
        candidate(2, words, story=8),
        candidate(3, words, story=7),
        candidate(4, words[::-1], story=7),
        candidate(5, words, story=7),
        candidate(6, words[:1], story=7),
        candidate(7, words, version=1, story=7),
    ]
    kept = without_copies([ScoredPassage(one, 1.0, ()) for one in candidates])
    assert [(passage.candidate.key, passage.copies) for passage in kept] == [(1, 2), (2, 0), (4, 0), (6, 0), (7, 0)]
    assert without_copies(kept) == kept
    assert without_copies([]) == []
