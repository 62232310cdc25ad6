"""Access tokens: JWTs signed with HS256."""

import re
import time
from uuid import UUID, uuid4

import jwt

ACCESS_SECONDS = 8 * 60 * 60
_BEARER = re.compile(r"bearer +(\S+)", re.IGNORECASE | re.ASCII)


class Tokens:
    """Issues tokens and reads them back."""

    def __init__(self, secret: str) -> None:
        self._secret = secret

    def issue(self, user_id: str) -> str:
        """A token for the user; `jti` tells two of the same second apart."""
        now = int(time.time())
        claims = {"sub": user_id, "iat": now, "exp": now + ACCESS_SECONDS, "jti": uuid4().hex}
        return jwt.encode(claims, self._secret, algorithm="HS256")

    def operator(self, authorization: str | None) -> str | None:
        """The user's id, or None: machines record lots and decisions without logging in."""
        match = _BEARER.fullmatch(authorization or "")
        if match is None:
            return None
        try:
            claims = jwt.decode(
                match[1],
                self._secret,
                algorithms=["HS256"],
                options={"require": ["exp", "iat", "sub"]},
            )
            return str(UUID(claims["sub"]))
        except (jwt.InvalidTokenError, ValueError):
            return None
