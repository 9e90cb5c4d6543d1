"""Quality of retrieval on three public sets: by paragraph, by article, and over two articles."""

from collections.abc import Sequence

from eval.bench.data import ArticleQuestion, HopQuestion, SpanQuestion
from eval.bench.metrics import Section, first_rank, lies_within, mostly_within, mrr, rate, recall_at_1
from index import Found, Library

__all__ = ["BUDGETS", "answer_shown", "article_rank", "by_article", "by_paragraph", "over_articles", "paragraph_rank"]

BUDGETS = (200, 400, 800)
"""Tokens of evidence at which it is asked whether the answer is among them."""
_DEPTH = 10
_EVIDENCE_TOKENS = 350


def by_paragraph(library: Library, questions: Sequence[SpanQuestion]) -> Section:
    """Measure R@1 and MRR@10 by paragraph, and how often a right answer stands in the evidence (SQuAD)."""
    ranks: list[int | None] = []
    shown: dict[int, list[bool]] = {budget: [] for budget in BUDGETS}
    for question in questions:
        ranks.append(paragraph_rank(library.search([question.text], limit=_DEPTH), question))
        for budget, flags in shown.items():
            flags.append(answer_shown(library.search([question.text], budget_tokens=budget), question))
    hits = {f"hit@{budget} tokens": rate(flags) for budget, flags in shown.items()}
    return {"R@1": recall_at_1(ranks), "MRR@10": mrr(ranks, _DEPTH), **hits}


def by_article(library: Library, questions: Sequence[ArticleQuestion]) -> Section:
    """Measure R@1 and MRR@10 by article (CLAPNQ)."""
    ranks = [article_rank(library.search([question.text], limit=_DEPTH), question) for question in questions]
    return {"R@1": recall_at_1(ranks), "MRR@10": mrr(ranks, _DEPTH)}


def over_articles(library: Library, questions: Sequence[HopQuestion]) -> Section:
    """Measure what one search finds of a question that takes two articles (HotpotQA)."""
    first, both, facts = [], [], []
    for question in questions:
        found = library.search([question.text], limit=_DEPTH)
        articles = [passage.article.id for passage in found.passages[:_DEPTH]]
        first.append(bool(articles) and articles[0] in question.gold)
        both.append(question.gold <= set(articles))
        found = library.search([question.text], budget_tokens=_EVIDENCE_TOKENS)
        facts.append(question.facts <= {evidence.article.id for evidence in found.evidence})
    return {"R@1": rate(first), "both@10": rate(both), f"all facts@{_EVIDENCE_TOKENS} tokens": rate(facts)}


def paragraph_rank(found: Found, question: SpanQuestion) -> int | None:
    """Return the rank of the first passage that lies mostly in the question's paragraph."""
    return first_rank(
        passage.article.id == question.article_id and mostly_within((passage.start, passage.end), question.paragraph)
        for passage in found.passages[:_DEPTH]
    )


def article_rank(found: Found, question: ArticleQuestion) -> int | None:
    """Return the rank of the question's article among the articles found, each counted once."""
    articles = dict.fromkeys(passage.article.id for passage in found.passages[:_DEPTH])
    return first_rank(article_id == question.article_id for article_id in articles)


def answer_shown(found: Found, question: SpanQuestion) -> bool:
    """Tell whether a right answer lies whole in one sentence of the evidence."""
    return any(
        evidence.article.id == question.article_id and lies_within(answer, (evidence.start, evidence.end))
        for evidence in found.evidence
        for answer in question.answers
    )
