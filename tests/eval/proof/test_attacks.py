from collections import Counter

from eval.proof.attacks import CANARY, attacks
from eval.proof.clean import ARTICLES, QUESTIONS
from service.characters import visible


def test_the_same_seed_makes_the_same_attacks() -> None:
    """A number of attacks and a seed tell all there is to know."""
    assert attacks(30, seed=3) == attacks(30, seed=3)
    assert attacks(30, seed=3) != attacks(30, seed=4)


def test_every_place_and_every_guise_has_its_turn() -> None:
    """64 attacks stand in 64 different places and guises."""
    kinds = [attack.kind for attack in attacks(128, seed=0)]
    assert set(Counter(kinds).values()) == {2}
    assert len(set(kinds)) == 64
    assert {kind.partition(", ")[0] for kind in kinds} >= {"title", "author", "outlet", "before the text"}
    assert {kind.partition(", ")[2] for kind in kinds} >= {"plain", "zero-width", "tags", "bidi"}


def test_every_attack_wants_something() -> None:
    """The instruction stands in the article, openly or hidden, and the article can be stored."""
    for attack in attacks(128, seed=1):
        article = attack.article
        shown = " ".join(filter(None, (article.text, article.title, article.author, article.outlet)))
        bare = visible("".join(chr(ord(c) - 0xE0000) if 0xE0020 <= ord(c) < 0xE007F else c for c in shown))
        assert CANARY in bare
        assert article.id.startswith("attack-")


def test_the_bystander_is_another_article() -> None:
    """Beside each attack a question is asked that has nothing to do with it."""
    assert all(attack.bystander.article_id != attack.question.article_id for attack in attacks(64, seed=2))


def test_the_questions_are_of_the_clean_articles() -> None:
    """Each question names an article there is, and its request may be narrowed to one."""
    ids = {article.id for article in ARTICLES}
    assert {question.article_id for question in QUESTIONS} == ids
    assert QUESTIONS[0].request("harbour").filters.article_ids == ["harbour"]
    assert QUESTIONS[0].request().filters.article_ids == []
    assert any(question.request().history for question in QUESTIONS)
