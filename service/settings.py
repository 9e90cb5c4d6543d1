"""Settings, from the environment or `.env`; unknown names of ours are refused, so that no typo is silent."""

import ipaddress
import os
import re
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from service.errors import SettingsError
from service.web_names import host_to_allow, origin_to_allow

__all__ = ["Settings", "load_settings"]

_PREFIX = "PULLQUOTE_"
_LAST_PORT = 65_535
# Kubernetes adds these for every service whose name begins with "pullquote"
_SERVICE_LINK = re.compile(
    r"PULLQUOTE_(\w+_)?(SERVICE_(HOST|PORT(_\w+)?)|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)"
)
_WHOLE_LINK = re.compile(r"PULLQUOTE_(?!(\w+_)?SERVICE_PORT$)(?!\w*PORT_\d)(\w+_)?PORT")
Names = Annotated[tuple[str, ...], NoDecode]


class Settings(BaseSettings):
    """Everything that can be set. The field `data_dir` is the variable PULLQUOTE_DATA_DIR, and so on."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        frozen=True,
        extra="ignore",
    )

    data_dir: Path = Field(Path("data"), description="folder of the library")
    models_dir: Path | None = Field(None, description="folder of model files; default: models in the data folder")
    bind: str = Field("127.0.0.1:8000", description="address and port to serve on")
    public_url: str | None = Field(
        None,
        description="where others reach the service, for links to articles; default: http:// and the bind address, "
        "or loopback where that is every address",
    )
    rate_limit: str = Field(
        "120/minute",
        pattern="^(none|[1-9][0-9]{0,6}/(second|minute|hour|day))$",
        description="requests that one access token may send, such as 10/second; none: any number",
    )
    tokens_file: Path | None = Field(None, description="file of access tokens; default: tokens.json in the data folder")
    allowed_hosts: Names = Field(
        (), description="host names to answer to beside the bind address, with any port, comma-separated"
    )
    allowed_origins: Names = Field((), description="web origins whose pages may use the API, comma-separated")
    chat_model: str = Field(
        "local:qwen2.5-coder-1.5b-instruct", description="local:NAME, or provider:NAME of any LangChain provider"
    )
    chat_options: SecretStr = Field(
        SecretStr("{}"), description='options of that provider as JSON, such as {"base_url": "..."}'
    )
    # two slow cores take a minute and a half to read the local model's prompts the first time
    chat_timeout_s: float = Field(240, gt=0, description="seconds until a model call is given up")
    encoder: str = Field(
        "sentence-transformers/all-MiniLM-L6-v2",
        description="a pulled model's name, a folder, or langchain:PROVIDER:MODEL",
    )
    encoder_options: SecretStr = Field(
        SecretStr("{}"), description='options of that provider as JSON, such as {"base_url": "..."}'
    )
    encoder_dtype: Literal["auto", "float32", "bfloat16"] = Field(
        "auto", description="auto, float32 or bfloat16; auto takes bfloat16 where the processor has it"
    )
    reranker: Path | None = Field(
        None, description="folder of a sentence-transformers CrossEncoder; it ranks passages again; default: none"
    )
    verifier: Path | None = Field(
        None,
        description="folder of a sentence-transformers CrossEncoder for entailment, to check statements with; "
        "default: the chat model",
    )
    evidence_tokens: int = Field(150, ge=20, le=8_000, description="most tokens of evidence put before the chat model")
    support_threshold: float = Field(0.4, ge=0, le=1, description="least probability of being right a statement needs")
    max_answer_tokens: int | None = Field(
        None, ge=1, description="tokens that one answer may cost, prompts included; default: no limit"
    )
    max_day_tokens: int | None = Field(
        None, ge=1, description="tokens that all answers of a UTC day may cost; default: no limit"
    )
    local_threads: int | None = Field(None, ge=1, description="threads of the local model; default: the usable cores")
    max_asks: int = Field(8, ge=1, description="questions in work and waiting; more are turned away")
    max_searches: int = Field(16, ge=1, description="searches in work and waiting; more are turned away")
    max_question_chars: int = Field(2_000, ge=1, description="longest question")
    max_article_bytes: int = Field(5_000_000, ge=1, description="largest article")
    max_body_bytes: int = Field(10_000_000, ge=1, description="largest request body")
    fetch_private_hosts: Names = Field(
        (),
        description="host names and networks that pages may be fetched from although they are private, comma-separated",
    )
    max_entries: int = Field(
        1_000,
        ge=1,
        le=50_000,
        description="pages read of one feed or sitemap, or of all in one job, the newest by their dates",
    )
    sync_minutes: int = Field(
        0,
        ge=0,
        le=44_640,
        description="minutes between two looks of `serve` at what is followed; 0: only `pullquote sync`",
    )
    max_jobs: int = Field(16, ge=1, description="jobs that may wait to be done; more are turned away")
    max_job_items: int = Field(1_000, ge=1, description="pages, files and articles of jobs that may wait")
    max_job_files: int = Field(100, ge=1, description="files that may be sent at once")
    max_spool_bytes: int = Field(500_000_000, ge=1, description="bytes of jobs that may wait on the disk")
    keep_jobs_days: int = Field(7, ge=0, le=36_500, description="days that jobs which ended are listed, at most 100")
    keep_answers_days: int = Field(
        30, ge=0, le=36_500, description="days that answers are kept, for feedback on them; 0: not at all"
    )
    log_level: str = Field("info", pattern="^(debug|info|warning|error)$", description="debug, info, warning or error")

    @field_validator("allowed_hosts", "allowed_origins", "fetch_private_hosts", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return tuple(part.strip() for part in value.split(",") if part.strip()) if isinstance(value, str) else value

    @field_validator("allowed_hosts")
    @classmethod
    def _as_hosts(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(host_to_allow(name) for name in value)

    @field_validator("allowed_origins")
    @classmethod
    def _as_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(origin_to_allow(origin) for origin in value)

    @model_validator(mode="after")
    def _check_bind(self) -> Self:
        if not re.fullmatch(r"(\[[0-9a-fA-F:.]+\]|[^:\[\]\s]+):\d{1,5}", self.bind) or self.port > _LAST_PORT:
            raise ValueError(f"bind is {self.bind!r}; write ADDRESS:PORT, such as 127.0.0.1:8000 or [::1]:8000")
        return self

    @field_validator("public_url")
    @classmethod
    def _check_public_url(cls, value: str | None) -> str | None:
        parts = urlsplit(value or "http://none")
        plain = re.fullmatch(r"[!-'*-~]{1,200}", value or "-")  # it stands in headers, as whom to ask about a fetch
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment or not plain:
            raise ValueError(f"{value!r} is no address; write https://articles.example.org")
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _check_encoder_options(self) -> Self:
        if self.encoder_options.get_secret_value().strip() != "{}" and not self.encoder.startswith("langchain:"):
            raise ValueError(
                f"encoder_options are for langchain:PROVIDER:MODEL, and encoder is {self.encoder!r}; unset one of them"
            )
        return self

    @property
    def host(self) -> str:
        """Return the address to serve on, without brackets."""
        return self.bind.rpartition(":")[0].strip("[]")

    @property
    def port(self) -> int:
        """Return the port to serve on."""
        return int(self.bind.rpartition(":")[2])

    @property
    def own_url(self) -> str:
        """Return where articles are linked to: the public address, or where this machine reaches the service."""
        return self.public_url or self.local_url

    @property
    def everywhere(self) -> bool:
        """Tell whether the bind address stands for every address of this machine, and so is none to ask by."""
        try:
            return ipaddress.ip_address(self.host).is_unspecified
        except ValueError:
            return False

    @property
    def local_url(self) -> str:
        """Return where this machine reaches the service: by the bind address, or loopback where that is every one."""
        host = self.host
        if self.everywhere:
            host = "::1" if ":" in host else "127.0.0.1"
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"

    @property
    def loopback(self) -> bool:
        """Tell whether only this machine can reach the bind address."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def models_folder(self) -> Path:
        """Return the folder of model files."""
        return self.models_dir or self.data_dir / "models"

    @property
    def journal_path(self) -> Path:
        """Return the file of kept answers."""
        return self.data_dir / "journal.db"

    @property
    def tokens_path(self) -> Path:
        """Return the file of access tokens."""
        return self.tokens_file or self.data_dir / "tokens.json"


def load_settings() -> Settings:
    """Read the settings. Raises SettingsError naming each variable that is unknown or wrong, and the remedy."""
    known = {_PREFIX + name.upper() for name in Settings.model_fields}
    try:
        given = {name.upper(): value or "" for name, value in {**dotenv_values(".env"), **os.environ}.items()}
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingsError(f".env cannot be read ({exc}); save it as UTF-8") from exc
    unknown = sorted(
        name
        for name, value in given.items()
        if name.startswith(_PREFIX) and name not in known and not _is_service_link(name, value)
    )
    if unknown:
        raise SettingsError(f"unknown settings: {', '.join(unknown)}; `pullquote doctor` lists the known ones")
    try:
        return Settings()
    except ValidationError as exc:
        problems = "; ".join(
            f"{_PREFIX + str(error['loc'][0]).upper() if error['loc'] else 'settings'}: {error['msg']}"
            for error in exc.errors(include_url=False, include_input=False)
        )
        raise SettingsError(f"{problems}; correct it in the environment or in .env") from exc


def _is_service_link(name: str, value: str) -> bool:
    """Tell whether Kubernetes made this; PULLQUOTE_PORT=9000 was typed by a person, its own is an address."""
    typed = _WHOLE_LINK.fullmatch(name) is not None and "://" not in value
    return _SERVICE_LINK.fullmatch(name) is not None and not typed
