import json
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from service.contract import Answer

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from tests.service.web.conftest import Seen, Site

pytestmark = pytest.mark.slow

playwright = pytest.importorskip("playwright.sync_api", reason="the page's tests need playwright")
expect = playwright.expect
Visit = Callable[..., "Page"]
HIT = "window.hit=1"
PAYLOADS = [
    *(
        f"<{tag}>"
        for tag in (
            f"script>{HIT}</script", f"img src=x onerror={HIT}", f"svg onload={HIT}", f"svg/onload={HIT}//",
            f"body onload={HIT}", f"iframe src=javascript:{HIT}", f"iframe srcdoc='<script>parent.{HIT}</script>'",
            f"object data=javascript:{HIT}", f"embed src=javascript:{HIT}", f"details open ontoggle={HIT}",
            f"input autofocus onfocus={HIT}", f"select autofocus onfocus={HIT}", f"textarea autofocus onfocus={HIT}",
            f"video><source onerror={HIT}", f"audio src=x onerror={HIT}", f"marquee onstart={HIT}",
            f"math href=javascript:{HIT}>x</math", f"a href=javascript:{HIT}>x</a", "base href=//evil.example/",
            "link rel=stylesheet href=//evil.example/x.css", "meta http-equiv=refresh content='0;url=//evil.example/'",
            "img src=//evil.example/x.png", "style>@import '//evil.example/x.css';</style", f"style onload={HIT}",
            f"button autofocus onfocus={HIT}>x</button", f"form action=javascript:{HIT}><button>x</button></form",
            f"isindex type=image src=1 onerror={HIT}", f"keygen autofocus onfocus={HIT}", "plaintext",
            "!--", "![CDATA[",
            f"template><script>{HIT}</script></template", f"noscript><p title='</noscript><img src=x onerror={HIT}>'",
            f"xmp><p title='</xmp><img src=x onerror={HIT}>'",
            f"x onclick={HIT} tabindex=1 style=position:fixed;inset:0",
            f"animate onbegin={HIT} attributeName=x", "use href=data:image/svg+xml,<svg/onload=window.hit=1>",
            f"ScRiPt>{HIT}</sCrIpT", f"script\x0c>{HIT}</script", "script src=//evil.example/x.js></script",
            "img srcset='//evil.example/x.png 1x'", "portal src=//evil.example/", f"slot onslotchange={HIT}",
        )
    ),
    *(
        closing + f"<img src=x onerror={HIT}>"
        for closing in (
            '">', "'>", "</title>", "</textarea>", "</script>", "</style>", "-->", "]]>", "</bdi>", "</a>",
            '\\">', "`>",
            "&quot;>", "</template>", "</mark></p>", "\u2028", "}}", "*/",
        )
    ),
    *(
        f"{start}{HIT}"
        for start in (
            "javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", " javascript:", "\x01javascript:",
            "javascript://x%0a", "vbscript:", "data:text/html,<script>parent.", "javascript&colon;", "&#106;avascript:",
            "view-source:javascript:", "blob:javascript:", "feed:javascript:", "jar:javascript:",
        )
    ),
    "[x](javascript:window.hit=1)", "![x](https://evil.example/x.png)", "[x]: https://evil.example/\n[x]",
    "{{7*7}}${7*7}",
    "&lt;img src=x onerror=window.hit=1&gt;", "%3Cscript%3Ewindow.hit=1%3C/script%3E", "\u202e<tpircs>",
    "\\u003cscript\\u003e",
    "__proto__", "constructor", "//evil.example/x", "/\\evil.example", "https:evil.example", "http://evil.example@a/",
]  # fmt: skip
ALL = " § ".join(PAYLOADS)
_SAFE = """() => ({
    hit: window.hit ?? null,
    links: [...document.querySelectorAll('[href], [src], [action], [srcdoc], [data]')].flatMap(
        one => ['href', 'src', 'action', 'srcdoc', 'data'].map(name => one.getAttribute(name))).filter(Boolean),
    foreign: [...document.querySelectorAll('script:not([src^="/assets/js/"]), img, iframe, object, embed, base, style,'
        + ' math, video, audio, svg:not(.icon), [style], meta[http-equiv], body marquee')].map(one => one.outerHTML),
    handlers: [...document.querySelectorAll('*')].flatMap(
        one => one.getAttributeNames().filter(name => name.startsWith('on'))),
    polluted: Object.keys(Object.prototype),
})"""


def _assert_harmless(page: "Page") -> None:
    """Assert that nothing of what is shown became anything but text."""
    page.wait_for_timeout(30)
    found = page.evaluate(_SAFE)
    assert (found["hit"], found["foreign"], found["handlers"], found["polluted"]) == (None, [], [], [])
    schemes = {link.partition(":")[0] for link in found["links"] if not link.startswith(("/", "#"))}
    assert schemes <= {"http", "https"}
    assert not [link for link in found["links"] if link.startswith(("//", "/\\"))]


def _groups(size: int) -> Iterator[tuple[int, Sequence[str]]]:
    for start in range(0, len(PAYLOADS), size):
        yield start, PAYLOADS[start : start + size]


def _shown(text: str) -> str:
    """Return text as Chromium gives it back as the content of an element."""
    return text.replace("\r", "\n")


@pytest.fixture(scope="module")
def poisoned(site: "Site") -> "Site":
    """Return a server whose articles attack whoever reads them, in every field that it takes."""
    for start, group in _groups(15):
        joined = " ".join(group)
        text = "".join(f"Witness number {start + n} said {one} at the hearing.\n\n" for n, one in enumerate(group))
        fields = {"text": text, "title": joined, "author": joined, "outlet": f"{start} {joined}", "language": "en"}
        reply = site.api("PUT", f"/articles/bad-{start}", {**fields, "url": group[0]})
        if not reply.is_success:  # an address that the server refuses
            reply = site.api("PUT", f"/articles/bad-{start}", fields)
        assert reply.is_success, reply.text
    return site


def test_there_are_many_attacks() -> None:
    """At least eighty, none twice."""
    assert len(PAYLOADS) == len(set(PAYLOADS)) >= 80


def test_articles_are_text(poisoned: "Site", visit: Visit) -> None:
    """Text, title, author, outlet and address are shown as they are: in the list, the article and the filters."""
    page = visit(f"{poisoned.url}/articles")
    expect(page.locator(".rows")).to_contain_text("<svg/onload=")
    _assert_harmless(page)
    for start, group in _groups(15):
        page.click(f".rows a[href='/articles/bad-{start}']")
        expect(page.locator("#reader .text")).to_contain_text(f"Witness number {start + len(group) - 1} said")
        shown = page.locator("#reader .text").evaluate("node => node.textContent")
        stored = poisoned.api("GET", f"/articles/bad-{start}").json()["text"]
        assert shown == stored.replace("\n", "") or "\n" in "".join(group)
        _assert_harmless(page)
        page.keyboard.press("Escape")
        expect(page.locator("#reader")).to_be_hidden()
    page.click("nav >> text=Ask")
    page.click("#filter")
    boxes = page.locator(".check input")
    expect(boxes.nth(3)).to_be_visible()
    boxes.nth(0).check()
    boxes.nth(1).check()
    expect(page.locator("#chips .chip")).to_have_count(2)
    _assert_harmless(page)


def test_questions_and_real_answers_are_text(
    poisoned: "Site", visit: Visit, ask: Callable[["Page", str], None]
) -> None:
    """What is asked, what the model makes of the articles, and what was searched are shown as they are."""
    page = visit(poisoned.url, permissions=["clipboard-read", "clipboard-write"])
    for start, group in _groups(40):
        ask(page, f"Witness number {start} said what at the hearing? {' '.join(group)}"[:1_900])
    ask(page, "Witness number 0 said what at the hearing?")
    expect(page.locator(".turn").last.locator(".statement").first).to_contain_text("Witness number")
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    _assert_harmless(page)
    page.locator(".turn").last.locator("text=Edit").click()
    page.locator(".searched textarea").fill("\n".join(PAYLOADS[:8]))
    page.click("text=Search again")
    expect(page.locator(".turn").last.locator(".searched")).to_contain_text("onerror")
    _assert_harmless(page)
    page.locator("text=Copy").last.click()
    expect(page.locator(".actions [role=status]").last).to_contain_text("Copied")
    page.reload()
    expect(page.locator(".turn").last.locator(".searched")).to_contain_text("onerror")
    _assert_harmless(page)


def _cited(attack: str) -> dict[str, object]:
    of_article = dict.fromkeys(("article_id", "version", "url", "title", "author", "outlet", "published_at"), attack)
    copy = {**of_article, "start": 0, "end": 5}
    return {**copy, "quote": attack, "copies": [copy]}


@pytest.fixture
def hostile(answer: Callable[..., Answer]) -> Callable[[Sequence[str]], dict[str, object]]:
    """Return what makes an answer with these attacks in every field, shown or not; it keeps to no contract."""

    def make(attacks: Sequence[str]) -> dict[str, object]:
        first, numbered = attacks[0], list(enumerate(attacks, 1))
        text = "".join(f"{attack}[{n}] {attack} " for n, attack in numbered)
        statements, at = [], 0
        for n, attack in numbered:
            place = {"text": attack, "start": at, "end": at + len(attack), "citation_ids": [f"c{n}"]}
            statements.append({**place, "verdict": attack, "score": 1, "gates": None, "question": attack})
            at += 2 * len(attack) + len(f"[{n}]  ")
        value = {"outlet": first, "published_at": first, "citation_id": "c1"}
        return {
            **answer().model_dump(mode="json"), "id": first, "outcome": "partial", "reason": first, "answer": text,
            "statements": statements, "citations": [{**_cited(one), "id": f"c{n}", "marker": n} for n, one in numbered],
            "steps": [{"question": one, "text": one, "citation_ids": ["c1"], "verdict": one} for one in attacks],
            "missing": attacks, "notes": attacks, "searched": attacks, "as_of": first, "model": {"chat": first},
            "conflicts": [{"question": one, "values": [{**value, "text": one, "superseded": True}]} for one in attacks],
            "dropped": [{"text": one, "reason": one, "verdict": one, "nearest": _cited(one)} for one in attacks],
            "nearest": [_cited(one) for one in attacks], "degraded": [{"part": one, "reason": one} for one in attacks],
            "window": {"published_from": "2022-01-01", "published_to": "2022-02-01", "wording": first},
        }  # fmt: skip

    return make


def test_every_field_of_an_answer_is_text(
    site: "Site", visit: Visit, hostile: Callable[[Sequence[str]], dict[str, object]]
) -> None:
    """An attack in any field of an answer and its events is shown as words, and survives a reload as such."""
    page = visit(site.url)
    groups = [group for _, group in _groups(15)]
    waiting = iter(groups)

    def reply(route: "playwright.Route") -> None:
        attacks = next(waiting)
        whole = hostile(attacks)
        sources = {"evidence": whole["nearest"], "reason": attacks[0]}
        parts: list[tuple[str, object]] = [("stage", {"stage": one, "ahead": one}) for one in attacks]
        parts += [("searched", {"searched": attacks}), ("sources", sources), (attacks[0], {}), ("final", whole)]
        body = "".join(f"event: {' '.join(name.split())}\ndata: {json.dumps(data)}\n\n" for name, data in parts)
        route.fulfill(status=200, content_type="text/event-stream", body=body)

    page.route("**/api/ask/stream", reply)
    for n, group in enumerate(groups):
        page.fill("#question", " ".join(group))
        page.press("#question", "Enter")
        page.locator(".turn").nth(n).locator(".actions").wait_for()
    for _ in range(2):
        expect(page.locator(".turn")).to_have_count(len(groups))
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        said = page.locator(".statement").evaluate_all("all => all.map(one => one.textContent)")
        assert said == PAYLOADS
        _assert_harmless(page)
        page.reload()


def test_errors_are_text(site: "Site", visit: Visit) -> None:
    """The words of a refusal are shown as they are, wherever one may come."""
    page = visit(site.url)
    body = {"error": "<b>x</b>", "detail": ALL}
    for path in ("ask/stream", "articles?limit=*", "articles/visit*"):
        page.route(f"**/api/{path}", lambda route: route.fulfill(status=503, json=body))
    page.reload()
    expect(page.locator("#examples .notice")).to_contain_text("<svg/onload=")
    page.fill("#question", "Who?")
    page.press("#question", "Enter")
    expect(page.locator(".turn .notice")).to_contain_text("<svg/onload=")
    page.click("#filter")
    expect(page.locator("#filters .notice")).to_contain_text("<svg/onload=")
    page.goto(f"{site.url}/articles/visit")
    expect(page.locator("#reader .notice")).to_contain_text("<svg/onload=")
    page.goto(f"{site.url}/articles")
    expect(page.locator("#list .notice")).to_contain_text("<svg/onload=")
    _assert_harmless(page)


def test_links_are_text(site: "Site", visit: Visit) -> None:
    """Whatever stands in the address of the page, as id, version, place or quote, is shown as words or not at all."""
    page = visit(site.url)
    for start, group in _groups(22):
        attack = " ".join(group)
        part = quote(attack, safe="")
        page.goto("about:blank")
        named = quote(attack.replace("/", ":").replace("\\", ":"), safe="")  # no id holds a slash
        page.goto(f"{site.url}/articles/{named}?start={part}&end={part}&version={part}#v={part}&q={part}")
        expect(page.locator("#reader blockquote")).to_have_count(1)
        assert page.locator("#reader blockquote").evaluate("node => node.textContent") == attack, start
        _assert_harmless(page)
    page.goto(f"{site.url}/articles/%E0%A4%A?q=1#v=%E0%A4%A&q=%ZZ")
    expect(page.locator("#reader h2")).to_be_visible()


def test_names_of_files_are_text(site: "Site", visit: Visit) -> None:
    """A file's name is shown as it is, while it is added and where it was refused: one holds no letter or digit."""
    page = visit(f"{site.url}/articles")
    names = [name for name in PAYLOADS if "/" not in name and "\\" not in name]
    page.set_input_files(
        "#files", [{"name": f"{name}.txt", "mimeType": "text/plain", "buffer": name.encode()} for name in names]
    )
    expect(page.locator("#uploads")).to_contain_text(f"{len(names) - 1} added, 1 failed.", timeout=60_000)
    _assert_harmless(page)


def test_what_was_kept_is_not_trusted(
    site: "Site", visit: Visit, hostile: Callable[[Sequence[str]], dict[str, object]]
) -> None:
    """A conversation in the browser's store that somebody wrote into is shown as words; a broken one is left out."""
    page = visit(site.url)
    turns = [
        {"question": group[0], "answer": hostile(group), "filters": {"outlets": list(group), "from": "", "to": ""}}
        for _, group in _groups(15)
    ]
    page.evaluate("kept => localStorage.setItem('pullquote.conversation', kept)", json.dumps({"turns": turns}))
    page.reload()
    expect(page.locator(".turn")).to_have_count(len(turns))
    _assert_harmless(page)
    for broken in ("{", '{"turns": 5}', "null", '{"turns": [{"question": 5}]}'):
        page.evaluate("kept => localStorage.setItem('pullquote.conversation', kept)", broken)
        page.reload()
        expect(page.locator("#examples")).to_contain_text("For example")


def test_the_policy_stops_what_would_come_in_all_the_same(site: "Site", visit: Visit, seen: "Seen") -> None:
    """Were markup ever made of text, the browser would refuse it: by Trusted Types, and by the policy of scripts."""
    page = visit(site.url)
    tried = """(attack) => {
        try { attack(document.createElement('img')); return 'done'; } catch (error) { return error.name; }
    }"""
    for attack in ("innerHTML = '<img src=x onerror=window.hit=1>'", "setAttribute('onerror', 'window.hit=1')"):
        assert page.evaluate(f"({tried})(one => one.{attack})") == "TypeError"
    page.evaluate(
        "document.body.append(Object.assign(document.createElement('img'), {src: 'https://evil.example/x.png'}))"
    )
    page.wait_for_timeout(100)
    _complained(seen, page)


def _complained(seen: "Seen", page: "Page") -> None:
    """Assert that the browser refused, and take that off what a test may not have seen."""
    assert page.evaluate("window.hit ?? null") is None
    assert len(seen.complaints) >= 3
    assert not [url for url in seen.loaded if "evil" in url]
    seen.complaints.clear()
    seen.requests[:] = [url for url in seen.requests if "evil" not in url]
