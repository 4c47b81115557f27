"""Passwords and bearer tokens."""

import base64
import hashlib
import hmac
import secrets
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone

import jwt

ITERATIONS = 20_000
TOKEN_LIFETIME = timedelta(hours=12)


@dataclass(frozen=True)
class Caller:
    account_id: uuid.UUID
    depot_id: int


def hash_password(password: str) -> str:
    """pbkdf2_sha256$iterations$salt$base64"""
    salt = secrets.token_hex(8)
    return f"pbkdf2_sha256${ITERATIONS}${salt}${_digest(password, salt, ITERATIONS)}"


def password_matches(password: str, password_hash: str) -> bool:
    _, iterations, salt, digest = password_hash.split("$")
    return hmac.compare_digest(_digest(password, salt, int(iterations)), digest)


def issue_token(caller: Caller, secret_key: str) -> str:
    expires = datetime.now(timezone.utc) + TOKEN_LIFETIME
    claims = {"sub": str(caller.account_id), "depot": caller.depot_id, "exp": expires}
    return jwt.encode(claims, secret_key, algorithm="HS256")


def read_token(token: str, secret_key: str) -> Caller | None:
    """None for a token that is not ours, or too old."""
    try:
        claims = jwt.decode(token, secret_key, algorithms=["HS256"])
        return Caller(uuid.UUID(claims["sub"]), claims["depot"])
    except jwt.InvalidTokenError:
        return None


def _digest(password: str, salt: str, iterations: int) -> str:
    key = hashlib.pbkdf2_hmac("sha256", password.encode(), salt.encode(), iterations)
    return base64.b64encode(key).decode()
