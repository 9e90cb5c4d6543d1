"""Whether a service that was killed is what it should be once it is ready again, as its clients see it over HTTP."""

import hashlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence

import httpx

from eval.proof.clients import Client
from service.contract import JobList, JobSummary, SearchBody

__all__ = ["look"]

_GONE = 404
_PAGE = 1_000
_JOBS_S = 120
_SENTENCE = re.compile(r"[^.]+\.")


def look(http: httpx.Client, clients: Sequence[Client]) -> tuple[list[str], int]:
    """Return what is wrong, and how many sentences were asked for; the clients know then what is there.

    Jobs that were acknowledged go on by themselves, and are waited for.
    """
    jobs = {job_id for client in clients for job_id in client.jobs}
    problems = list(_ended(http, jobs))
    listed = http.get("/api/articles", params={"limit": _PAGE}).raise_for_status().json()
    sentences = {article["id"]: article["sentences"] for article in listed["articles"]}
    if len(sentences) != listed["total"] or len(listed["articles"]) != listed["total"]:
        problems.append("the list of articles has one twice, or not all")
    texts = {name: http.get(f"/api/articles/{name}").raise_for_status().json()["text"] for name in sentences}
    said: dict[str, str] = {}
    for client in clients:
        client.settle(texts)
        problems += client.problems
        client.problems.clear()
        said |= client.said
    problems += [f"{name} was never sent" for name in texts if name not in said]
    problems += _found(http, texts, sentences)
    problems += [problem for name in said if name not in texts for problem in _gone(http, name, said[name])]
    return problems, sum(sentences.values())


def _ended(http: httpx.Client, jobs: set[str]) -> Iterator[str]:
    """Wait for every job, those that nobody was told of too."""
    end = time.monotonic() + _JOBS_S
    while any(job.state == "running" for job in _jobs(http)):
        if time.monotonic() > end:
            yield f"a job did not end within {_JOBS_S} seconds"
            return
        time.sleep(0.05)
    states = {job.id: (job.state, job.results.failed) for job in _jobs(http)}
    yield from (f"{job_id} is {states.get(job_id)}" for job_id in jobs if states.get(job_id) != ("done", 0))


def _jobs(http: httpx.Client) -> list[JobSummary]:
    return JobList.model_validate(http.get("/api/jobs", params={"limit": 100}).raise_for_status().json()).jobs


def _found(http: httpx.Client, texts: Mapping[str, str], sentences: Mapping[str, int]) -> Iterator[str]:
    """Ask for each sentence of each article."""
    for name, text in texts.items():
        own = [sentence.strip() for sentence in _SENTENCE.findall(text)]
        if len(own) != sentences[name]:
            yield f"{name} has {sentences[name]} of {len(own)} sentences"
        for sentence in own:
            places = _evidence(http, sentence)
            if len(places) != len(set(places)):
                yield f"a search gives a sentence twice: {sentence!r}"
            if (name, text.index(sentence)) not in places:
                yield f"{name} is not found by {sentence!r}"
            if others := {place[0] for place in places} - set(texts):
                yield f"a search gives what is not there: {sorted(others)}"


def _gone(http: httpx.Client, name: str, text: str) -> Iterator[str]:
    """Ask for an article that was removed: itself, the version that a permalink names, and its first sentence."""
    for version in (None, hashlib.sha256(text.encode()).hexdigest()):
        reply = http.get(f"/api/articles/{name}", params={"version": version} if version else {})
        if reply.status_code != _GONE:
            yield f"{name} was removed, and is answered with {reply.status_code}"
    if name in [article_id for article_id, _ in _evidence(http, text.partition(".")[0] + ".")]:
        yield f"{name} was removed, and is found"


def _evidence(http: httpx.Client, question: str) -> list[tuple[str, int]]:
    """Return article and start of each sentence that a search gives."""
    found = http.post("/api/search", json={"question": question}).raise_for_status().json()
    return [(each.article_id, each.start) for each in SearchBody.model_validate(found).evidence]
