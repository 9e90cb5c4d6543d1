import json

import pytest

from index.extracting.json_ld import LinkedArticle, read_json_ld
from index.extracting.pages import parse_page


def read(*scripts: object, titles: tuple[str, ...] = (), addresses: tuple[str, ...] = ()) -> LinkedArticle:
    """Read what a page with these scripts says of its article."""
    written = [script if isinstance(script, str) else json.dumps(script) for script in scripts]
    page = "".join(f'<script type="application/ld+json">{text}</script>' for text in written)
    tree = parse_page(f"<html><head>{page}</head><body><p>text</p></body></html>", "page")
    return read_json_ld(tree, titles=frozenset(titles), addresses=frozenset(addresses))


ARTICLE = {
    "@type": "NewsArticle",
    "headline": "Ferry &amp; tide",
    "author": [{"@type": "Person", "name": "Ada Byron"}, "Grace Murray"],
    "publisher": {"name": "The Paper"},
    "datePublished": "2022-06-13",
    "dateModified": "2022-06-14",
    "inLanguage": "en-GB",
}
FOUND = LinkedArticle("Ferry & tide", ("Ada Byron", "Grace Murray"), "The Paper", "en-GB", "2022-06-13", "2022-06-14")


@pytest.mark.parametrize(
    "script",
    [
        ARTICLE,
        [ARTICLE],
        {"@graph": [{"@type": "WebSite", "name": "The Paper"}, ARTICLE]},
        {"@type": "WebPage", "mainEntity": ARTICLE},
        {**ARTICLE, "@type": ["Article", "Thing"]},
        "<!-- " + json.dumps(ARTICLE) + " -->",
        "//<![CDATA[\n" + json.dumps(ARTICLE) + "\n//]]>",
        json.dumps(ARTICLE) + ";",
    ],
)
def test_shapes(script: object) -> None:
    """An article is found wherever a page puts it, and in whatever it is wrapped."""
    assert read(script) == FOUND


def test_references() -> None:
    """An author that is a reference is looked up in the other nodes."""
    person = {"@id": "#ada", "@type": "Person", "name": "Ada Byron"}
    assert read([person, {**ARTICLE, "author": {"@id": "#ada"}}]).authors == ("Ada Byron",)


def test_the_article_of_this_page() -> None:
    """Of several articles the one at the page's address counts, else the one with its title, else the first."""
    first, second = {**ARTICLE, "headline": "One"}, {**ARTICLE, "headline": "Two", "url": "https://a.example/2/"}
    assert read([first, second]).headline == "One"
    assert read([first, second], titles=("two",)).headline == "Two"
    assert read([first, second], titles=("one",), addresses=("https://a.example/2",)).headline == "Two"


def test_lists_of_others_are_not_entered() -> None:
    """Articles in a list of related ones are not this page's."""
    assert read({"@type": "WebPage", "hasPart": [ARTICLE], "itemListElement": [ARTICLE]}) == LinkedArticle()


@pytest.mark.parametrize("script", ["", "{", "[" * 5_000, "null", "1", '"NewsArticle"', '{"@type": {"a": []}}'])
def test_no_article(script: str) -> None:
    """What is broken or no article says nothing."""
    assert read(script) == LinkedArticle()


def test_a_broken_script_hides_no_other() -> None:
    """A script that does not parse leaves the others."""
    assert read("{", ARTICLE) == FOUND


@pytest.mark.parametrize("value", [None, 7, True, [], {}, {"name": None}, {"name": {"a": 1}}, [[["x"]]], 1e999])
def test_values_of_the_wrong_kind(value: object) -> None:
    """Values of another kind than schema.org says are no values, and raise nothing."""
    fields = ("headline", "author", "publisher", "datePublished", "dateModified", "inLanguage", "url", "@id")
    found = read(json.dumps({"@type": "Article", **dict.fromkeys(fields, value)}))
    assert isinstance(found, LinkedArticle)
