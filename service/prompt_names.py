"""Which version of each prompt the service uses."""

__all__ = [
    "ANSWERABLE_PROMPT",
    "ANSWER_PROMPT",
    "CLAIM_PROMPT",
    "PROMPTS",
    "REREAD_PROMPT",
    "REWRITE_PROMPT",
    "SUBQUESTIONS_PROMPT",
]

ANSWER_PROMPT = "answer.v2"
ANSWERABLE_PROMPT, REREAD_PROMPT, CLAIM_PROMPT = "answerable.v2", "reread.v2", "claim.v1"
REWRITE_PROMPT, SUBQUESTIONS_PROMPT = "rewrite.v1", "subquestions.v1"
PROMPTS = (ANSWER_PROMPT, ANSWERABLE_PROMPT, REREAD_PROMPT, REWRITE_PROMPT, SUBQUESTIONS_PROMPT)
"""Those that an answer may take."""
