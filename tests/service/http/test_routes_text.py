"""Every script, sign and shape of text: stored, found and quoted exactly, or refused in words."""

import json
import unicodedata

import pytest
from fastapi.testclient import TestClient

Body = dict[str, object]
LONE = "\ud800"
SENTENCES = {
    "arabic": ("قاد الجنرال تشانغ الجانب الصيني في المحادثات.", "من قاد الجانب الصيني؟"),
    "hebrew": ("הגנרל ג'אנג הוביל את הצד הסיני בשיחות.", "מי הוביל את הצד הסיני?"),
    "mixed directions": ("The sign read שלום and مرحبا together.", "Which sign together?"),
    "emoji": ("The 👩‍👩‍👧‍👦 family waved 🇫🇷 flags 👍🏽 happily.", "Which family waved flags?"),
    "combining": ("The letter x̄ and q̃́ stand above ḍ̇ here.", "Which letter above?"),
    "precomposed": ("Ångström café Zürich naïve résumé.", "Ångström café Zürich?"),
    "german": ("General Zhang führte die chinesische Seite.", "Wer führte die chinesische Seite?"),
    "chinese": ("张将军率领中方代表团。", "张将军率领中方代表团"),
    "japanese": ("張将軍が中国側を率いた。", "張将軍が中国側を率いた"),
    "hindi": ("जनरल झांग ने चीनी पक्ष का नेतृत्व किया।", "चीनी पक्ष का नेतृत्व किसने किया?"),
    "thai": ("นายพลจางเป็นผู้นำฝ่ายจีน", "นายพลจางเป็นผู้นำฝ่ายจีน"),
    "astral": ("The word 𝔘𝔫𝔦𝔠𝔬𝔡𝔢 and 𐍈 are rare.", "Which word rare?"),
    "signs": ("The tag <b>&amp;</b> \"quoted\" \\u0041 'single' stays.", "Which quoted single stays?"),
    "controls": ("The \u200bzero\u200d width\u2060 and \u202eoverride\u202c marks stay.", "Which override marks stay?"),
}


SAID = {
    "emoji": "The 👩👩👧👦 family waved 🇫🇷 flags 👍🏽 happily.",
    "signs": "The tag <b>&amp;</b> 'quoted' \\u0041 'single' stays.",
    "controls": "The zero width and override marks stay.",
}


@pytest.mark.parametrize("name", SENTENCES)
def test_text_of_every_script_comes_back_exactly(shared: TestClient, name: str) -> None:
    """Text and title come back code point for code point, and every sentence found is a slice of them."""
    sentence, question = SENTENCES[name]
    sentence = unicodedata.normalize("NFC", sentence)
    text = f"{sentence}\n\nSomething else happened. 🎈 Then it ended."
    path = f"/api/articles/whole-{len(name)}-{name.split(maxsplit=1)[0]}"
    assert shared.put(path, json={"text": text, "title": sentence}).status_code == 201
    stored = shared.get(path).json()
    assert (stored["text"], stored["title"]) == (text, sentence)
    asked = {"question": question, "filters": {"article_ids": [stored["id"]]}}
    found = shared.post("/api/search", json=asked).json()
    assert found["searched"] == [question]
    assert sentence in [item["text"] for item in found["evidence"]]
    answer = shared.post("/api/ask", json=asked)
    assert answer.status_code == 200
    for item in (*found["evidence"], *found["passages"]):
        assert text[item["start"] : item["end"]] == item["text"]
    for item in (*answer.json()["citations"], *answer.json()["nearest"]):
        assert text[item["start"] : item["end"]] == item["quote"]


@pytest.mark.parametrize("name", ["arabic", "hebrew", "emoji", "german", "mixed directions", "controls", "signs"])
def test_answers_quote_such_text_exactly(shared: TestClient, name: str) -> None:
    """The quote is the sentence as it stands; the answer has none of what nobody sees, and single quotation marks."""
    sentence, question = SENTENCES[name]
    shared.put("/api/articles/quoted", json={"text": f"It rained.\n\n{sentence}\n\nIt snowed."})
    asked = {"question": question, "filters": {"article_ids": ["quoted"]}}
    answer = shared.post("/api/ask", json=asked).json()
    assert answer["outcome"] == "answered"
    assert answer["citations"][0]["quote"] == sentence
    said = SAID.get(name, sentence)
    assert answer["answer"] == f"{said}[1]"
    assert answer["stripped"] == len(sentence) - len(said)


def test_text_is_kept_in_its_canonical_form(shared: TestClient) -> None:
    """Newlines become one character and letters are composed, so that offsets count what is stored."""
    shared.put("/api/articles/a", json={"text": "\ufeffCafe\u0301 opens.\r\nIt is big.\rVery.", "title": "Cafe\u0301"})
    stored = shared.get("/api/articles/a").json()
    assert (stored["text"], stored["title"]) == ("Caf\u00e9 opens.\nIt is big.\nVery.", "Caf\u00e9")


@pytest.mark.parametrize("path", ["/api/ask", "/api/search"])
@pytest.mark.parametrize(
    "body",
    [
        {"question": f"Who {LONE} led?"},
        {"question": "Who?", "search_as": [f"who {LONE}"]},
        *(
            {"question": "Who?", "filters": {name: [LONE]}}
            for name in ("article_ids", "outlets", "authors", "languages")
        ),
        {"question": "Who?", "filters": {"published_from": LONE}},
        {"question": "Who?", "asked_at": LONE},
        {"question": "Who?", "history": [{"role": "user", "content": LONE}]},
        {"question": "Who?", "history": [{"role": LONE, "content": "x"}]},
        {"question": "Who?", LONE: 1},
    ],
    ids=lambda body: ascii(body)[:60],
)
def test_half_a_character_in_a_question_is_refused(shared: TestClient, path: str, body: Body) -> None:
    """A lone surrogate anywhere in a question, a filter or the history is refused, and never an internal error."""
    shared.put("/api/articles/some", json={"text": "Some text."})
    reply = shared.post(path, content=json.dumps(body), headers={"Content-Type": "application/json"})
    assert (reply.status_code, set(reply.json())) == (422, {"error", "detail"})


@pytest.mark.parametrize(
    "fields",
    [
        *({name: f"x{LONE}"} for name in ("text", "title", "author", "outlet", "language", "url", "source")),
        *({name: f"2022{LONE}"} for name in ("published_at", "modified_at", "fetched_at")),
        {"origins": {"published_at": LONE}},
        {"origins": {LONE: "x"}},
        {LONE: "x"},
    ],
    ids=lambda fields: ascii(fields)[:60],
)
def test_half_a_character_in_an_article_is_refused(shared: TestClient, article: Body, fields: Body) -> None:
    """A lone surrogate anywhere in an article is refused, and nothing is stored."""
    body = json.dumps({**article, **fields})
    reply = shared.put("/api/articles/half", content=body, headers={"Content-Type": "application/json"})
    assert (reply.status_code, set(reply.json())) == (422, {"error", "detail"})
    assert shared.get("/api/articles/half").status_code == 404


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is empty"),
        (" \n\t\u3000", "is empty"),
        ("\ufeff", "is empty"),
        ("Some\x00text.", "contains NUL bytes"),
        ("?! … —", "holds no sentence"),
        ("🎉🎉🎉", "holds no sentence"),
    ],
)
def test_text_that_is_none_is_refused(shared: TestClient, text: str, says: str) -> None:
    """The detail tells what is wrong with the text."""
    reply = shared.put("/api/articles/a", json={"text": text})
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_article")
    assert reply.json()["detail"].startswith(f"article a: {says}")


@pytest.mark.parametrize(
    "fields",
    [
        *(
            {name: value}
            for name in ("published_at", "modified_at", "fetched_at")
            for value in ("yesterday", "2022-13")
        ),
        {"url": "ftp://x.example/"},
        {"url": "javascript:alert(1)"},
        {"url": "https://"},
        {"url": "http://[::1"},
        {"title": "x\x00y"},
        {"title": "x" * 2_001},
    ],
    ids=lambda fields: ascii(fields)[:60],
)
def test_metadata_that_is_none_is_refused(shared: TestClient, article: Body, fields: Body) -> None:
    """The detail names the field."""
    reply = shared.put("/api/articles/a", json={**article, **fields})
    assert (reply.status_code, reply.json()["error"]) == (422, "invalid_article")
    assert f"`{next(iter(fields))}`" in reply.json()["detail"]


@pytest.mark.parametrize(
    "text",
    ["abcdefg " * 12_500, "x" * 100_000, "字" * 100_000, "a" + "!" * 100_000, "Word.\n" * 1_000, '"Unclosed ' * 10_000],
    ids=lambda text: f"{text[:10]!r}",
)
def test_huge_and_shapeless_text_is_stored_and_found(shared: TestClient, text: str) -> None:
    """One sentence of 100,000 characters, or thousands of one word: stored whole, and cut where it is shown."""
    assert shared.put("/api/articles/huge", json={"text": text, "language": "en"}).status_code in (200, 201)
    assert shared.get("/api/articles/huge").json()["text"] == text
    asked = {"question": text[:5] + "word", "limit": 2, "filters": {"article_ids": ["huge"]}}
    found = shared.post("/api/search", json=asked).json()
    assert found["evidence"]
    assert all(text[item["start"] : item["end"]] == item["text"] for item in found["evidence"])


def test_a_question_in_another_language_is_no_error(shared: TestClient, article: Body) -> None:
    """What the articles do not say in that language is simply not found."""
    shared.put("/api/articles/a", json=article)
    for question in (
        "谁率领中方？",
        "Кто возглавлял китайскую сторону?",
        "מי הוביל?",
        "Qui dirigeait la partie chinoise ?",
    ):
        asked = {"question": question, "filters": {"article_ids": ["a"]}}
        reply = shared.post("/api/ask", json=asked)
        assert (reply.status_code, reply.json()["outcome"]) == (200, "not_found")
        assert reply.json()["searched"] == [question]
