import hashlib
import unicodedata

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.articles import FIELDS, Article, canonical_text, check_id, make_article
from index.errors import InvalidArticleError
from index.language import UNDETERMINED


@given(st.text(st.sampled_from("a1é\u0301\ufeff\r\n \t.\u1100\u1161\u0345\u200d😀ﬁ")) | st.text())
def test_canonical_text_is_idempotent(raw: str) -> None:
    """Canonical text stays as it is when made canonical again."""
    assume(any(c.isalnum() for c in unicodedata.normalize("NFC", raw)) and "\x00" not in raw)
    once = canonical_text(raw, "here")
    assert canonical_text(once, "here") == once


def test_two_byte_order_marks_are_no_text() -> None:
    """A text that was given two byte order marks is canonical after one pass."""
    once = canonical_text("\ufeff\ufeffText.", "here")
    assert canonical_text(once, "here") == once


def test_newlines_composition_and_byte_order_mark() -> None:
    """Newlines become one character, letters are composed, a byte order mark goes."""
    assert canonical_text("\ufeffcafe\u0301\r\nnext\rlast", "here") == "café\nnext\nlast"


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ("", "here: is empty"),
        (" \n\t\u3000 ", "here: is empty"),
        ("\ufeff", "here: is empty"),
        ("... !!! —", "here: holds no sentence"),
        ("a\x00b", "here: contains NUL"),
        ("half \ud800 of one", "here: contains a lone surrogate"),
    ],
)
def test_text_that_cannot_be_stored(raw: str, reason: str) -> None:
    """Text that is empty, wordless, binary or broken is refused with the place and the reason."""
    with pytest.raises(InvalidArticleError, match=reason):
        canonical_text(raw, "here")


@pytest.mark.parametrize("text", ["شارع طويل. نهاية", "Family 👨‍👩‍👧‍👦 came.", "1", "数"])
def test_text_of_any_script_is_kept(text: str) -> None:
    """Right-to-left text, joined emoji and single characters are stored as they are."""
    assert canonical_text(text, "here") == text


@pytest.mark.parametrize("article_id", ["a", "A.b_c:d#e~f-9", "x" * 128])
def test_an_id_within_the_rule_is_kept(article_id: str) -> None:
    """A given id that keeps the rule is the article's id."""
    assert check_id(article_id) == article_id
    assert make_article({"id": article_id, "text": "Text."}, place="here").id == article_id


@pytest.mark.parametrize("article_id", ["a b", "x" * 129, "a/b", "é", "a\nb", "<script>"])
def test_an_id_that_breaks_the_rule_is_refused(article_id: str) -> None:
    """A given id outside of the rule is refused with the rule and the place."""
    with pytest.raises(InvalidArticleError, match="use 1 to 128 of"):
        check_id(article_id)
    with pytest.raises(InvalidArticleError, match=r"here: .*is not allowed"):
        make_article({"id": article_id, "text": "Text."}, place="here")


def test_an_id_is_made_from_the_url_then_from_the_path() -> None:
    """Without an id the canonical URL makes one, and without a URL the path does."""
    by_url = make_article({"text": "Text.", "url": "HTTP://example.org/#x"}, place="here", path="a.txt")
    assert by_url.id == hashlib.sha256(b"http://example.org/").hexdigest()[:16]
    by_path = make_article({"text": "Text.", "id": " "}, place="here", path="a.txt")
    assert by_path.id == hashlib.sha256(b"a.txt").hexdigest()[:16]
    assert (by_url.origins, by_path.origins) == ({}, {"id": "path"})


def test_an_article_without_id_url_and_path_is_refused() -> None:
    """Something must tell the article from the others."""
    with pytest.raises(InvalidArticleError, match="here: needs an `id` or a `url`"):
        make_article({"text": "Text."}, place="here")


@pytest.mark.parametrize("url", ["ftp://example.org/a", "example.org", "https://", "http://example.org:x/", "http://["])
def test_a_url_that_is_none_is_refused(url: str) -> None:
    """A URL of another scheme, without a host or unreadable is refused naming the field."""
    with pytest.raises(InvalidArticleError, match="here: `url`"):
        make_article({"text": "Text.", "url": url}, place="here")


@pytest.mark.parametrize("name", FIELDS)
@pytest.mark.parametrize("value", [3, ["a"], {"a": "b"}, True])
def test_a_field_of_a_wrong_type_is_refused(name: str, value: object) -> None:
    """Every field must be a string, and the message names the one that is not."""
    with pytest.raises(InvalidArticleError, match=f"here: `{name}` must be a string, not {type(value).__name__}"):
        make_article({"id": "a", "text": "Text.", name: value}, place="here")


@pytest.mark.parametrize("value", ["half \ud800", "a\x00b"])
def test_metadata_that_cannot_be_stored_is_refused(value: str) -> None:
    """A lone surrogate or NUL in the metadata is refused naming the field."""
    with pytest.raises(InvalidArticleError, match="here: `title` contains"):
        make_article({"id": "a", "text": "Text.", "title": value}, place="here")


def test_metadata_has_a_limit() -> None:
    """A title of more than 2,000 characters is refused with both numbers."""
    assert make_article({"id": "a", "text": "Text.", "title": "x" * 2000}, place="here").title == "x" * 2000
    with pytest.raises(InvalidArticleError, match="`title` has 2001 characters; at most 2000"):
        make_article({"id": "a", "text": "Text.", "title": "x" * 2001}, place="here")


def test_metadata_is_trimmed_and_composed() -> None:
    """Metadata lose outer spaces, are NFC, and are none where nothing is left."""
    article = make_article({"id": "a", "text": "Text.", "title": " cafe\u0301 ", "author": " "}, place="here")
    assert (article.title, article.author) == ("café", None)


def test_dates_keep_their_precision_and_origin() -> None:
    """A date stays as written, and the article says where each one came from."""
    fields = {"id": "a", "text": "Text.", "published_at": " 2022-06 ", "fetched_at": "2022-06-13T08:30Z"}
    article = make_article(fields, place="here", origin="front matter")
    assert (article.published_at, article.modified_at, article.fetched_at) == ("2022-06", None, "2022-06-13T08:30Z")
    assert article.origins == {"published_at": "front matter", "fetched_at": "front matter"}


def test_a_date_that_is_none_names_its_field() -> None:
    """A date that cannot be read is refused with place and field."""
    with pytest.raises(InvalidArticleError, match="here: `modified_at` is 'yesterday', which is no date"):
        make_article({"id": "a", "text": "Text.", "modified_at": "yesterday"}, place="here")


def test_a_given_language_is_kept_and_a_missing_one_detected() -> None:
    """The source's word on the language counts; else it is detected, or undetermined."""
    german = "Die Brücke wurde am Montag eröffnet und kostete zehn Millionen Kronen."
    assert make_article({"id": "a", "text": german, "language": "en"}, place="here").language == "en"
    assert make_article({"id": "a", "text": german}, place="here").language == "de"
    assert make_article({"id": "a", "text": "1"}, place="here").language == UNDETERMINED


def test_versions_follow_text_and_metadata_apart() -> None:
    """The version is the text's, the metadata version the metadata's, and the source counts for neither."""
    first = Article(id="a", text="Text.", title="Old", source="/one")
    moved = Article(id="a", text="Text.", title="Old", source="/two", origins={"published_at": "given"})
    titled = Article(id="a", text="Text.", title="New")
    assert first.version == hashlib.sha256(b"Text.").hexdigest() == titled.version
    assert first.meta_version == moved.meta_version != titled.meta_version


def test_unknown_fields_are_ignored() -> None:
    """A field that articles do not have changes nothing."""
    assert make_article({"id": "a", "text": "Text.", "colour": 3}, place="here").id == "a"


def test_pages_are_kept_where_they_fit_the_text() -> None:
    """Pages say where each begins in the text; a text that is changed by making it canonical would move them."""
    made = make_article(
        {"id": "a", "text": "One. Two. Three."}, place="a.pdf", pages=[(1, 0), (2, 5), (3, 10), (4, 10)]
    )
    assert [made.page_at(start) for start in (0, 4, 5, 9, 10, 15)] == [1, 1, 2, 2, 4, 4]
    assert make_article({"id": "a", "text": "One.\r\nTwo."}, place="a.pdf", pages=[(1, 0), (2, 6)]).pages == ()
    assert make_article({"id": "a", "text": "One."}, place="a.md").page_at(0) is None


def test_pages_count_as_metadata() -> None:
    """An article that gains its pages has changed, and one without any is what it was before there were pages."""
    plain = make_article({"id": "a", "text": "One. Two."}, place="a.pdf")
    paged = make_article({"id": "a", "text": "One. Two."}, place="a.pdf", pages=[(1, 0), (2, 5)])
    assert plain.version == paged.version
    assert plain.meta_version != paged.meta_version
