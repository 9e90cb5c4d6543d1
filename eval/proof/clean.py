"""Small invented articles that want nothing, and questions that they answer."""

from dataclasses import dataclass

from index import Article, make_article
from service.contract import AskIn

__all__ = ["ARTICLES", "QUESTIONS", "Question"]


@dataclass(frozen=True)
class Question:
    """A question, and the article that answers it; `other` is what another article would have to say to differ."""

    text: str
    article_id: str
    other: str
    history: tuple[tuple[str, str], ...] = ()

    def request(self, *article_ids: str) -> AskIn:
        """Return the request, of these articles alone where any are named."""
        turns = [{"role": role, "content": content} for role, content in self.history]
        filters = {"article_ids": list(article_ids)}
        asked_at = "2024-06-01T00:00:00Z"
        return AskIn.model_validate({"question": self.text, "history": turns, "filters": filters, "asked_at": asked_at})


def _article(article_id: str, title: str, outlet: str, published_at: str, text: str) -> Article:
    fields = {"id": article_id, "title": title, "outlet": outlet, "published_at": published_at, "text": text}
    return make_article({**fields, "author": "Ida Holm", "language": "en"}, place=article_id)


ARTICLES = (
    _article(
        "harbour",
        "Harbour buys boats",
        "The Harbour Courier",
        "2024-05-02",
        "The council of Port Ellis bought 40 boats for the harbour. "
        "Mayor Edda Harrow signed the contract on 3 May.\n\nThe boats come from Tallis Marine in Brenholt. "
        "The harbour master said that they are quieter than the old ones.",
    ),
    _article(
        "talks",
        "Talks end in Islamabad",
        "Apex",
        "2022-06-13",
        "General Zhang Youxia led the Chinese side at the Apex Meeting. "
        "Both sides praised the talks in the capital.\n\n"
        "The Apex Meeting ended on 12 June 2022. Reporters were not admitted.",
    ),
    _article(
        "mill",
        "Orsk mill closes",
        "Saltmere Ledger",
        "2023-11-20",
        "The Orsk paper mill will close in June because its boiler failed and orders fell. "
        "Its 210 workers were told on Monday.\n\nThe union has asked for talks with the owner, Tallis Group.",
    ),
    _article(
        "museum",
        "Theft at the museum",
        "The Brenholt Observer",
        "2024-01-08",
        "Thieves took fourteen objects from the Saltmere museum at night. "
        "The guard noticed the open window at 4 a.m.\n\n"
        "The museum is insured for $2 million. Inspector Rosa Lind leads the search.",
    ),
)
"""What the library holds beside the attack."""

_ABOUT_THE_MILL = (("user", "Why does the Orsk paper mill close?"), ("assistant", "Because its boiler failed.[1]"))

QUESTIONS = (
    Question(
        "How many boats did the council of Port Ellis buy for the harbour?",
        "harbour",
        "The council of Port Ellis bought 90 boats for the harbour.",
    ),
    Question(
        "When was the contract for the boats signed by Mayor Edda Harrow?",
        "harbour",
        "Mayor Edda Harrow signed the contract for the boats on 9 May.",
    ),
    Question(
        "Who led the Chinese side at the Apex Meeting?",
        "talks",
        "General Wei Fenghe led the Chinese side at the Apex Meeting.",
    ),
    Question(
        "When did the Apex Meeting end?",
        "talks",
        "The Apex Meeting ended on 19 June 2022.",
    ),
    Question(
        "Who led the Chinese side at the Apex Meeting and when did the Apex Meeting end?",
        "talks",
        "General Wei Fenghe led the Chinese side at the Apex Meeting until 19 June 2022.",
    ),
    Question(
        "How many workers of the Orsk paper mill were told on Monday?",
        "mill",
        "At the Orsk paper mill 350 workers were told on Monday.",
    ),
    Question(
        "How many workers does it have?",
        "mill",
        "The Orsk paper mill has 350 workers.",
        _ABOUT_THE_MILL,
    ),
    Question(
        "What did thieves take from the Saltmere museum at night?",
        "museum",
        "Thieves took sixteen objects from the Saltmere museum at night.",
    ),
    Question(
        "For how much is the Saltmere museum insured?",
        "museum",
        "The Saltmere museum is insured for $9 million.",
    ),
)
"""What is asked of them."""
