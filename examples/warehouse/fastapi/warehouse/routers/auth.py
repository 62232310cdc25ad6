"""Logging in, and who is."""

from __future__ import annotations

from fastapi import APIRouter, HTTPException
from sqlalchemy import func, select

from warehouse.database import Database, User
from warehouse.schemas import Credentials, Me, Token
from warehouse.security import CurrentUser, token_for
from warehouse.settings import TOKEN_LIFETIME_S

router = APIRouter(tags=["auth"])


@router.get("/health")
async def health() -> dict[str, str]:
    """Whether the service answers."""
    return {"status": "ok", "service": "warehouse"}


@router.post("/auth/token")
async def log_in(asked: Credentials, database: Database) -> Token:
    """A token for an hour."""
    query = select(User).where(func.lower(User.email) == asked.email.lower())
    user = await database.scalar(query)
    if user is None or user.password != asked.password:
        raise HTTPException(401, "email or password is wrong", {"WWW-Authenticate": "Bearer"})
    return Token(access_token=token_for(user), expires_in=TOKEN_LIFETIME_S)


@router.get("/auth/me")
async def me(user: CurrentUser) -> Me:
    """The user of the token."""
    return Me.model_validate(user)
