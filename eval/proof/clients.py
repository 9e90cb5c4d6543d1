"""Clients of a service that is going to be killed: each changes articles of its own, and knows what may be there.

What was acknowledged must be there; what was asked for and not answered may be there or not, but never in part.
"""

import random
from collections.abc import Callable, Mapping

import httpx

from eval.proof.writing import make

__all__ = ["TIMEOUT_S", "Client"]

TIMEOUT_S = 60
_NAMES = 6
_SENTENCES = (1, 3, 8)
_MOST_IN_A_JOB = 6
_REFUSED_IN_WORDS = 300


class Client:
    """What a client did; `allowed` holds what each of its articles may be by id, None for one that is gone.

    `said` holds the text that was sent last for each, `jobs` what was acknowledged and has not been looked at.
    """

    def __init__(self, number: int, seed: int) -> None:
        self._number = number
        self._chance = random.Random(f"{number} {seed}")
        self._waiting: set[str] = set()
        self._n_jobs = 0
        self.allowed: dict[str, set[str | None]] = {}
        self.said: dict[str, str] = {}
        self.jobs: list[str] = []
        self.problems: list[str] = []
        self.searches = 0

    def work(self, url: str, acknowledged: Callable[[], None]) -> None:
        """Put, remove, send jobs and search until the service is gone."""
        steps = (self._put, self._remove, self._send_job, self._search)
        with httpx.Client(base_url=url, trust_env=False, timeout=TIMEOUT_S) as http:
            try:
                while not self.problems:
                    (step,) = self._chance.choices(steps, (4, 2, 1, 3))
                    if step(http) and step is not self._search:
                        acknowledged()
            except httpx.TransportError:
                return

    def settle(self, found: Mapping[str, str]) -> None:
        """Compare with what is there once all jobs have ended; what was open is known from then on."""
        for name, may_be in self.allowed.items():
            if (text := found.get(name)) not in may_be:
                self.problems.append(f"{name} is " + ("lost" if text is None else "another, or there though removed"))
            self.allowed[name] = {text}
        self._waiting.clear()
        self.jobs.clear()

    def _put(self, http: httpx.Client) -> bool:
        name = f"c{self._number}x{self._chance.randrange(_NAMES)}"
        text = self._make(name)
        self.allowed[name] = self.allowed.get(name, {None}) | {text}
        if self._taken(http.put(f"/api/articles/{name}", json={"text": text, "language": "en"})):
            self.allowed[name] = {text}
        return True

    def _remove(self, http: httpx.Client) -> bool:
        names = [name for name, may_be in self.allowed.items() if None not in may_be]
        if not names:
            return False
        name = self._chance.choice(names)
        self.allowed[name] = self.allowed[name] | {None}
        if self._taken(http.delete(f"/api/articles/{name}")):
            self.allowed[name] = {None}
        return True

    def _send_job(self, http: httpx.Client) -> bool:
        self._n_jobs += 1
        names = [f"c{self._number}j{self._n_jobs}x{i}" for i in range(self._chance.randint(1, _MOST_IN_A_JOB))]
        texts = {name: self._make(name) for name in names}
        self._waiting.update(texts)
        self.allowed |= {name: {None, text} for name, text in texts.items()}
        articles = [{"id": name, "text": text, "language": "en"} for name, text in texts.items()]
        reply = http.post("/api/articles", json={"articles": articles})
        if self._taken(reply):
            self.allowed |= {name: {text} for name, text in texts.items()}
            self.jobs.append(reply.json()["id"])
        return True

    def _search(self, http: httpx.Client) -> bool:
        """Ask for a sentence of an article that was acknowledged: it is found whatever the others do meanwhile."""
        known = [name for name in self.allowed if None not in self.allowed[name] and name not in self._waiting]
        if not known:
            return False
        name = self._chance.choice(known)
        (text,) = self.allowed[name]
        sentence = f"{text}".partition(".")[0] + "."
        reply = http.post("/api/search", json={"question": sentence})
        if self._taken(reply) and (name, sentence) not in [
            (e["article_id"], e["text"]) for e in reply.json()["evidence"]
        ]:
            self.problems.append(f"{name} is not found while others change")
        self.searches += 1
        return True

    def _make(self, name: str) -> str:
        self.said[name] = make(name, self._chance, self._chance.choice(_SENTENCES)).text
        return self.said[name]

    def _taken(self, reply: httpx.Response) -> bool:
        if not reply.is_success:
            words = reply.text[:_REFUSED_IN_WORDS]
            self.problems.append(f"{reply.request.method} {reply.request.url.path}: {reply.status_code} {words}")
        return reply.is_success
