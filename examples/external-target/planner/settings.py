"""What the environment says."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    database_url: str
    mode: str
    host: str
    port: int
    secret_key: str


def read_settings() -> Settings:
    """Reads the environment; ends the process with a sentence when something needed is missing or wrong."""
    mode = os.environ.get("PLANNER_MODE", "after")
    if mode not in ("before", "after"):
        raise SystemExit(f"PLANNER_MODE is 'before' or 'after', not {mode!r}")
    return Settings(
        database_url=_required("DATABASE_URL"),
        mode=mode,
        host=os.environ.get("HOST", "127.0.0.1"),
        port=int(os.environ.get("PORT", "8000")),
        secret_key=_required("SECRET_KEY"),
    )


def _required(name: str) -> str:
    value = os.environ.get(name, "")
    if value == "":
        raise SystemExit(f"{name} is not set")
    return value
