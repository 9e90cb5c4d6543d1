"""What can be asked."""

from service.errors import QuestionError

__all__ = ["check_question"]


def check_question(question: str, *, max_chars: int) -> None:
    """Raise QuestionError for a question without a word, longer than `max_chars`, or with half a character."""
    if not any(character.isalnum() for character in question):
        raise QuestionError("the question is empty; ask something with words in it")
    if len(question) > max_chars:
        raise QuestionError(f"the question has {len(question)} characters; at most {max_chars} are read")
    try:
        question.encode()
    except UnicodeEncodeError:
        raise QuestionError("the question contains half a character (a lone surrogate); send UTF-8") from None
