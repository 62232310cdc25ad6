"""Bearer tokens: a JWT of an hour, and the user that it belongs to."""

from __future__ import annotations

import time
from typing import Annotated

import jwt
from fastapi import Depends, HTTPException
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

from warehouse.database import Database, User
from warehouse.settings import JWT_SECRET, TOKEN_LIFETIME_S

_bearer = HTTPBearer(auto_error=False)
_SCHEME = {"WWW-Authenticate": "Bearer"}


def token_for(user: User) -> str:
    """Return a new token."""
    now = int(time.time())
    claims = {"sub": str(user.id), "iat": now, "exp": now + TOKEN_LIFETIME_S}
    return jwt.encode(claims, JWT_SECRET, "HS256")


async def _user(
    database: Database,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)],
) -> User:
    if credentials is None:
        raise HTTPException(401, "a token is needed", _SCHEME)
    try:
        claims = jwt.decode(credentials.credentials, JWT_SECRET, ["HS256"])
        user = await database.get(User, int(claims["sub"]))
    except (jwt.InvalidTokenError, KeyError, ValueError):
        user = None
    if user is None:
        raise HTTPException(401, "the token is not valid", _SCHEME)
    return user


CurrentUser = Annotated[User, Depends(_user)]
logged_in = Depends(_user)
