"""The description of the API holds for whatever is sent: no unexpected error, and no reply that it does not allow."""

from pathlib import Path

import hypothesis
import pytest
import schemathesis
from schemathesis import Case
from schemathesis.specs.openapi.checks import positive_data_acceptance

from service.http.app import create_app
from service.settings import Settings
from service.tokens import TokenStore

pytestmark = pytest.mark.slow

EXAMPLES = 25  # `make proof` has more
# that the last message is of a user, and has words, and which hosts of URLs can be read, is more than a schema can say
UNSAID = {("POST", "/v1/chat/completions"), ("PUT", "/api/articles/{article_id}")}
FAKE = Settings(data_dir=Path("never-made"), encoder="fake", chat_model="fake:extract")
schema = schemathesis.openapi.from_dict(create_app(FAKE).openapi())


@pytest.fixture(scope="module")
def secret(live_settings: Settings) -> str:
    """Return a token that may do everything."""
    return TokenStore(live_settings.tokens_path).create("all", "admin")


@schema.parametrize()
@hypothesis.settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(hypothesis.HealthCheck))
def test_every_reply_is_described(case: Case, secret: str, live: object) -> None:
    """Good and bad requests of every operation pass all checks of a running server."""
    url = f"http://127.0.0.1:{live.port}"  # type: ignore[attr-defined]
    unsaid = [positive_data_acceptance] if (case.method, case.path) in UNSAID else []
    case.call_and_validate(base_url=url, headers={"Authorization": f"Bearer {secret}"}, excluded_checks=unsaid)
