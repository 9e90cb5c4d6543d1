from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from service.errors import SettingsError
from service.settings import Settings, load_settings

DEFAULTS = {
    "data_dir": Path("data"),
    "models_dir": None,
    "bind": "127.0.0.1:8000",
    "public_url": None,
    "rate_limit": "120/minute",
    "tokens_file": None,
    "allowed_hosts": (),
    "allowed_origins": (),
    "chat_model": "local:qwen2.5-coder-1.5b-instruct",
    "chat_options": SecretStr("{}"),
    "chat_timeout_s": 240,
    "encoder": "sentence-transformers/all-MiniLM-L6-v2",
    "encoder_options": SecretStr("{}"),
    "encoder_dtype": "auto",
    "reranker": None,
    "verifier": None,
    "evidence_tokens": 150,
    "max_answer_tokens": None,
    "max_day_tokens": None,
    "local_threads": None,
    "max_asks": 8,
    "max_searches": 16,
    "fetch_private_hosts": (),
    "max_question_chars": 2_000,
    "max_article_bytes": 5_000_000,
    "max_body_bytes": 10_000_000,
    "max_entries": 1_000,
    "sync_minutes": 0,
    "max_jobs": 16,
    "max_job_items": 1_000,
    "max_job_files": 100,
    "max_spool_bytes": 500_000_000,
    "keep_jobs_days": 7,
    "keep_answers_days": 30,
    "log_level": "info",
}


def test_every_default_is_this() -> None:
    """Without an environment the settings are these, each with a description."""
    found = load_settings().model_dump()
    assert 0 < found.pop("support_threshold") < 1  # measured anew with each prompt and model
    assert found == DEFAULTS
    assert all(field.description for field in Settings.model_fields.values())


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("data_dir", "/var/lib/pullquote", Path("/var/lib/pullquote")),
        ("models_dir", "weights", Path("weights")),
        ("bind", "[::1]:9000", "[::1]:9000"),
        ("tokens_file", "t.json", Path("t.json")),
        ("allowed_hosts", "a.example, b.example,,", ("a.example", "b.example")),
        ("allowed_origins", "https://a.example", ("https://a.example",)),
        ("fetch_private_hosts", "10.0.0.0/8, news.local", ("10.0.0.0/8", "news.local")),
        ("public_url", "https://a.example/", "https://a.example"),
        ("rate_limit", "none", "none"),
        ("chat_model", "openai:some", "openai:some"),
        ("chat_timeout_s", "2.5", 2.5),
        ("encoder", "fake", "fake"),
        ("encoder_dtype", "bfloat16", "bfloat16"),
        ("reranker", "models/mine", Path("models/mine")),
        ("verifier", "models/nli", Path("models/nli")),
        ("evidence_tokens", "20", 20),
        ("max_answer_tokens", "1", 1),
        ("max_day_tokens", "1000000", 1_000_000),
        ("support_threshold", "1", 1.0),
        ("local_threads", "3", 3),
        ("max_asks", "1", 1),
        ("max_question_chars", "10", 10),
        ("max_article_bytes", "100", 100),
        ("max_body_bytes", "1000", 1000),
        ("max_entries", "50", 50),
        ("sync_minutes", "30", 30),
        ("keep_answers_days", "0", 0),
        ("log_level", "debug", "debug"),
    ],
)
def test_every_setting_is_read_from_the_environment(
    monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object
) -> None:
    """The field is the variable, in capitals and with the prefix."""
    monkeypatch.setenv(f"PULLQUOTE_{name.upper()}", text)
    assert getattr(load_settings(), name) == value


def test_the_environment_wins_over_env_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`.env` of the working folder is read; the environment comes first; an empty variable is as none."""
    (tmp_path / ".env").write_text("PULLQUOTE_MAX_ASKS=3\nPULLQUOTE_LOG_LEVEL='debug'\nOTHER_NAME=1\n")
    monkeypatch.setenv("PULLQUOTE_LOG_LEVEL", "error")
    monkeypatch.setenv("PULLQUOTE_BIND", "")
    settings = load_settings()
    assert (settings.max_asks, settings.log_level, settings.bind) == (3, "error", "127.0.0.1:8000")


@pytest.mark.parametrize("name", ["PULLQUOTE_DATADIR", "PULLQUOTE_HOST", "PULLQUOTE_", "PULLQUOTE_MODEL"])
@pytest.mark.parametrize("place", ["environment", "file"])
def test_an_unknown_setting_is_refused_by_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, place: str
) -> None:
    """A typo in the environment or in `.env` is named, with the remedy."""
    if place == "file":
        (tmp_path / ".env").write_text(f"PULLQUOTE_MAX_ASKS=3\n{name}=x\n")
    else:
        monkeypatch.setenv(name, "x")
    with pytest.raises(SettingsError, match=f"unknown settings: {name}; `pullquote doctor` lists the known ones"):
        load_settings()


def test_all_unknown_settings_are_named_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of the environment and those of `.env` stand in one message."""
    (tmp_path / ".env").write_text("PULLQUOTE_BBB=x\n")
    monkeypatch.setenv("PULLQUOTE_CCC", "x")
    monkeypatch.setenv("PULLQUOTE_AAA", "")
    with pytest.raises(SettingsError, match="unknown settings: PULLQUOTE_AAA, PULLQUOTE_BBB, PULLQUOTE_CCC;"):
        load_settings()


def test_case_does_not_hide_a_typo(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where a setting is read in small letters too, a typo in small letters is refused too."""
    monkeypatch.setenv("pullquote_max_asks", "3")
    read_in_small_letters = load_settings().max_asks == 3
    monkeypatch.setenv("pullquote_max_question", "3")
    if read_in_small_letters:
        with pytest.raises(SettingsError, match=r"(?i)pullquote_max_question"):
            load_settings()


@pytest.mark.parametrize(
    "name",
    [
        "PULLQUOTE_SERVICE_HOST",
        "PULLQUOTE_SERVICE_PORT",
        "PULLQUOTE_SERVICE_PORT_HTTP",
        "PULLQUOTE_PORT",
        "PULLQUOTE_PORT_8000_TCP",
        "PULLQUOTE_PORT_8000_TCP_PROTO",
        "PULLQUOTE_PORT_8000_TCP_PORT",
        "PULLQUOTE_PORT_8000_TCP_ADDR",
        "PULLQUOTE_PORT_53_UDP_ADDR",
        "PULLQUOTE_API_SERVICE_HOST",
        "PULLQUOTE_API_SERVICE_PORT_HTTP",
        "PULLQUOTE_API_PORT_443_TCP_ADDR",
    ],
)
def test_service_links_of_kubernetes_are_let_be(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What Kubernetes adds for a service of our name is no typo."""
    without = load_settings()
    monkeypatch.setenv(name, "tcp://10.0.0.1:8000")
    assert load_settings() == without


@pytest.mark.parametrize("name", ["PULLQUOTE_PORT", "PULLQUOTE_API_PORT"])
def test_a_port_that_a_person_typed_is_refused(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """Kubernetes gives a whole address by this name, so that a mere number is somebody's mistake."""
    monkeypatch.setenv(name, "9000")
    with pytest.raises(SettingsError, match=name):
        load_settings()


@pytest.mark.parametrize("name", ["PULLQUOTE_SERVICE_PORT", "PULLQUOTE_PORT_8000_TCP_PORT"])
def test_ports_that_kubernetes_gives_are_let_be(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """By these names Kubernetes gives a mere number."""
    monkeypatch.setenv(name, "9000")
    assert load_settings().port == 8000


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MAX_ASKS", "0"),
        ("MAX_ASKS", "many"),
        ("MAX_ASKS", "1.5"),
        ("MAX_QUESTION_CHARS", "0"),
        ("MAX_ARTICLE_BYTES", "-1"),
        ("MAX_BODY_BYTES", "0"),
        ("CHAT_TIMEOUT_S", "0"),
        ("CHAT_TIMEOUT_S", "nan"),
        ("EVIDENCE_TOKENS", "19"),
        ("EVIDENCE_TOKENS", "8001"),
        ("MAX_ANSWER_TOKENS", "0"),
        ("MAX_ANSWER_TOKENS", "none"),
        ("MAX_DAY_TOKENS", "0"),
        ("MAX_DAY_TOKENS", "-1"),
        ("SUPPORT_THRESHOLD", "1.01"),
        ("SUPPORT_THRESHOLD", "-0.1"),
        ("LOCAL_THREADS", "0"),
        ("ENCODER_DTYPE", "float16"),
        ("ENCODER_DTYPE", "AUTO"),
        ("LOG_LEVEL", "verbose"),
        ("LOG_LEVEL", "info\n"),
    ],
)
def test_a_wrong_value_is_refused_by_its_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The message names the variable and where to correct it."""
    monkeypatch.setenv(f"PULLQUOTE_{name}", value)
    with pytest.raises(SettingsError, match=rf"(?s)^PULLQUOTE_{name}: .*; correct it in the environment or in \.env$"):
        load_settings()


def test_all_wrong_values_are_named_at_once_and_not_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Several problems stand in one message, without the values, which may be secret."""
    monkeypatch.setenv("PULLQUOTE_MAX_ASKS", "canary-1")
    monkeypatch.setenv("PULLQUOTE_CHAT_TIMEOUT_S", "canary-2")
    with pytest.raises(SettingsError, match=r"PULLQUOTE_CHAT_TIMEOUT_S: .*; PULLQUOTE_MAX_ASKS: ") as caught:
        load_settings()
    assert "canary" not in str(caught.value)


@pytest.mark.parametrize(
    ("bind", "host", "port", "loopback"),
    [
        ("127.0.0.1:8000", "127.0.0.1", 8000, True),
        ("127.8.8.8:1", "127.8.8.8", 1, True),
        ("localhost:65535", "localhost", 65535, True),
        ("[::1]:8000", "::1", 8000, True),
        ("0.0.0.0:8000", "0.0.0.0", 8000, False),  # noqa: S104
        ("[::]:8000", "::", 8000, False),
        ("[2001:db8::1]:80", "2001:db8::1", 80, False),
        ("192.168.1.2:80", "192.168.1.2", 80, False),
        ("pullquote.example:80", "pullquote.example", 80, False),
        ("2130706433:80", "2130706433", 80, False),
        ("localhost.evil.example:80", "localhost.evil.example", 80, False),
    ],
)
def test_a_bind_address_is_taken_apart(bind: str, host: str, port: int, *, loopback: bool) -> None:
    """Host and port come without brackets; only what is certainly this machine counts as loopback."""
    settings = Settings(bind=bind)
    assert (settings.host, settings.port, settings.loopback) == (host, port, loopback)


@pytest.mark.parametrize(
    "bind",
    [
        *("127.0.0.1", "8000", ":8000", "127.0.0.1:", "127.0.0.1:http", "127.0.0.1:65536", "127.0.0.1:123456"),
        *("::1:8000", "[::1]", "[::1]8000", "[localhost]:80", "http://127.0.0.1:80", "a b:80", "127.0.0.1:80\n", ""),
    ],
)
def test_a_wrong_bind_address_is_refused_with_the_form(bind: str) -> None:
    """The message shows how an address is written."""
    with pytest.raises(ValidationError, match=r"write ADDRESS:PORT, such as 127\.0\.0\.1:8000 or \[::1\]:8000"):
        Settings(bind=bind)


def test_a_wrong_bind_address_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read from the environment, the message repeats the address."""
    monkeypatch.setenv("PULLQUOTE_BIND", "127.0.0.1")
    with pytest.raises(SettingsError, match=r"bind is '127\.0\.0\.1'; write ADDRESS:PORT"):
        load_settings()


def test_secrets_do_not_show() -> None:
    """A key among the options of chat model or encoder stands in no representation."""
    options = SecretStr('{"api_key": "sk-canary"}')
    settings = Settings(chat_options=options, encoder="langchain:openai:some", encoder_options=options)
    shown = repr(settings) + str(settings) + str(settings.model_dump()) + settings.model_dump_json()
    assert "sk-canary" not in shown
    assert settings.chat_options.get_secret_value() == '{"api_key": "sk-canary"}'
    assert settings.encoder_options == options


def test_options_of_an_encoder_that_takes_none_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Options that nothing would read are named, and not repeated; with an encoder that takes them they are read."""
    monkeypatch.setenv("PULLQUOTE_ENCODER_OPTIONS", '{"api_key": "sk-canary"}')
    with pytest.raises(
        SettingsError, match=r"encoder_options are for langchain:PROVIDER:MODEL, and encoder is 'sent.*'; unset one"
    ) as caught:
        load_settings()
    assert "canary" not in str(caught.value)
    monkeypatch.setenv("PULLQUOTE_ENCODER", "langchain:openai:some")
    assert load_settings().encoder_options.get_secret_value() == '{"api_key": "sk-canary"}'


def test_settings_are_frozen() -> None:
    """Nobody changes a setting after it was read."""
    with pytest.raises(ValidationError, match="frozen"):
        Settings().max_asks = 3


def test_folders_stand_in_the_data_folder() -> None:
    """Models and tokens are in the data folder unless they are set."""
    data = Path("somewhere")
    assert Settings(data_dir=data).models_folder == data / "models"
    assert Settings(data_dir=data).tokens_path == data / "tokens.json"
    assert Settings(data_dir=data, models_dir=Path("m")).models_folder == Path("m")
    assert Settings(data_dir=data, tokens_file=Path("t.json")).tokens_path == Path("t.json")


def test_an_env_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    """A `.env` in another encoding ends in a message, not in a traceback."""
    (tmp_path / ".env").write_bytes(b"PULLQUOTE_LOG_LEVEL=d\xe9bug\n")
    with pytest.raises(SettingsError, match=r"\.env"):
        load_settings()


def test_reading_settings_writes_nothing(tmp_path: Path) -> None:
    """Neither a folder nor a file is made by looking."""
    load_settings()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("public_url", text) for text in ("a.example", "ftp://a.example", "http://", "http://[", "http://é.example")),
        *(("public_url", text) for text in ("https://a.example/?x", "https://a.example/#x", "https://a.example/(x)")),
        *(("rate_limit", text) for text in ("120", "0/minute", "1/fortnight", "many/day", "off")),
    ],
)
def test_an_address_or_a_rate_that_is_none(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    """It is refused by the name of its variable."""
    monkeypatch.setenv(f"PULLQUOTE_{name.upper()}", text)
    with pytest.raises(SettingsError, match=f"PULLQUOTE_{name.upper()}"):
        load_settings()


def test_links_lead_to_the_public_address_or_the_bound_one() -> None:
    """An IPv6 address stands in brackets."""
    assert Settings(public_url="https://a.example/x/").own_url == "https://a.example/x"
    assert Settings(bind="[::1]:9000").own_url == "http://[::1]:9000"


@pytest.mark.parametrize(
    ("bind", "url"),
    [("0.0.0.0:80", "http://127.0.0.1:80"), ("[::]:80", "http://[::1]:80"), ("[0::0]:80", "http://[::1]:80")],
)
def test_links_of_a_server_at_every_address_lead_to_loopback(bind: str, url: str) -> None:
    """An address that stands for all of them is none that a browser may ask by."""
    settings = Settings(bind=bind)
    assert (settings.everywhere, settings.own_url, settings.local_url) == (True, url, url)
    public = Settings(bind=bind, public_url="https://a.example")
    assert (public.own_url, public.local_url) == ("https://a.example", url)


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("docs.example:9153, [2001:DB8::1]:80", ("docs.example", "2001:db8::1")),
        ("Docs.Example, 2001:db8::1, [::1], 10.0.0.1:80", ("docs.example", "2001:db8::1", "::1", "10.0.0.1")),
    ],
)
def test_allowed_hosts_are_names_alone(text: str, hosts: tuple[str, ...]) -> None:
    """Port and brackets, which stand in the header that they are compared with, are taken off."""
    assert Settings(allowed_hosts=text).allowed_hosts == hosts  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["https://docs.example", "docs.example/x", "*", "*.example", "é.example", "a b"])
def test_an_allowed_host_that_no_request_can_name_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """It is told with the form that is meant."""
    monkeypatch.setenv("PULLQUOTE_ALLOWED_HOSTS", f"a.example,{text}")
    with pytest.raises(SettingsError, match=r"PULLQUOTE_ALLOWED_HOSTS: .* no host name; write docs\.example"):
        load_settings()


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("https://A.example/, http://b.example:8080", ("https://a.example", "http://b.example:8080")),
        ("https://a.example:443,http://a.example:80", ("https://a.example", "http://a.example")),
        ("https://[2001:DB8::1]:8443,app://obsidian.md", ("https://[2001:db8::1]:8443", "app://obsidian.md")),
    ],
)
def test_allowed_origins_are_as_browsers_send_them(text: str, origins: tuple[str, ...]) -> None:
    """In small letters, without a slash at the end or the port that goes without saying."""
    assert Settings(allowed_origins=text).allowed_origins == origins  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["*", "null", "a.example", "https://a.example/page", "https://*.example", "file://"])
def test_an_allowed_origin_that_no_browser_sends_is_refused(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    """It is told with the form that is meant; neither all origins nor the one of no site can be allowed."""
    monkeypatch.setenv("PULLQUOTE_ALLOWED_ORIGINS", text)
    with pytest.raises(SettingsError, match=r"PULLQUOTE_ALLOWED_ORIGINS: .* no origin; write https://docs\.example"):
        load_settings()
