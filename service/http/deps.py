"""What routes depend on: the desk, and the right to come in."""

import hmac
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Annotated, TypedDict

from fastapi import Depends, Request
from fastapi.exceptions import RequestValidationError
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from service.contract import ReadyBody
from service.desk import Desk
from service.errors import ForbiddenError, RateLimitedError, TokenError, UnauthorizedError
from service.http.rate import Rate
from service.http.readiness import PublicReadiness
from service.tokens import Scope, TokenStore

__all__ = ["Admin", "Asker", "ByOwner", "CurrentDesk", "Door", "Readiness", "State"]

_bearer = HTTPBearer(auto_error=False, description="a token of `pullquote tokens add`, where there are any")


@dataclass(frozen=True)
class Door:
    """Who may come in: holders of tokens, and commands of the user who serves, by the key in the data folder."""

    tokens: TokenStore
    owner_key: str
    loopback: bool
    rate: Rate

    def check(self, secret: str | None, scope: Scope) -> None:
        """Raise UnauthorizedError or ForbiddenError unless `secret` opens `scope`, RateLimitedError where too often.

        On loopback all is open while there is no token.
        """
        if self.is_owner(secret):
            return
        try:
            known = self.tokens.all()
        except TokenError as exc:  # its words name a path of the server
            raise TokenError("the access tokens cannot be read; run `pullquote doctor` on the server") from exc
        if self.loopback and not known:
            return
        token = self.tokens.find(secret) if secret else None
        if token is None:
            raise UnauthorizedError("a valid token is needed; send it as `Authorization: Bearer TOKEN`")
        if scope == "admin" and token.scope != "admin":
            raise ForbiddenError(f"the token {token.name!r} may ask but not change articles; use one of scope admin")
        self.rate.count(token.name)

    def is_owner(self, secret: str | None) -> bool:
        """Tell whether `secret` is that of commands of the user who serves."""
        return bool(secret) and hmac.compare_digest(str(secret).encode(), self.owner_key.encode())


class State(TypedDict):
    """What the lifespan yields to every request."""

    desk: Desk
    door: Door
    public_readiness: PublicReadiness


Credentials = Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]


def _desk(request: Request) -> Desk:
    desk: Desk = request.state.desk
    return desk


def _known_query(request: Request) -> None:
    """Refuse query parameters that the route does not have, as unknown fields of bodies are."""
    known = {field.alias for field in request.scope["route"].dependant.query_params}
    unknown = sorted(set(request.query_params) - known)
    if unknown:
        problem = {"msg": "there is no such parameter", "type": "extra_forbidden"}
        raise RequestValidationError([{"loc": ("query", name), **problem} for name in unknown])


def _requires(scope: Scope) -> Callable[[Request, Credentials], Coroutine[None, None, None]]:
    async def check(request: Request, credentials: Credentials) -> None:
        request.state.door.check(credentials.credentials if credentials else None, scope)
        _known_query(request)

    return check


async def _by_owner(request: Request, credentials: Credentials) -> bool:
    by_owner: bool = request.state.door.is_owner(credentials.credentials if credentials else None)
    return by_owner


async def _readiness(request: Request) -> ReadyBody:
    """Look at each part for those who may ask, and tell the others what is public."""
    credentials = await _bearer(request)  # asked for here, since a description must not say that it is needed
    try:
        request.state.door.check(credentials.credentials if credentials else None, "ask")
    except (UnauthorizedError, RateLimitedError, TokenError):
        public: PublicReadiness = request.state.public_readiness
        return await public.told()
    return await _desk(request).ready()


ByOwner = Annotated[bool, Depends(_by_owner)]
CurrentDesk = Annotated[Desk, Depends(_desk)]
Readiness = Annotated[ReadyBody, Depends(_readiness)]
Asker = Depends(_requires("ask"))
Admin = Depends(_requires("admin"))
