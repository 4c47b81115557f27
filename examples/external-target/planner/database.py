"""The connection to PostgreSQL."""

from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

KEEPALIVES: dict[str, Any] = {"keepalives_idle": 10, "keepalives_interval": 5, "keepalives_count": 3}


def connect(database_url: str, application_name: str) -> Engine:
    """An engine for a URL like postgres://user:password@host:port/database.

    Connections are tried before use, so it goes on working when the database was restarted or replaced.
    """
    return create_engine(
        make_url(database_url).set(drivername="postgresql+psycopg"),
        connect_args={"application_name": application_name, **KEEPALIVES},
        pool_pre_ping=True,
        pool_size=10,
        max_overflow=10,
    )


def listen(database_url: str, application_name: str, channel: str) -> psycopg.Connection:
    """A connection of its own that is told of what is notified on a channel from now on."""
    connection = psycopg.connect(database_url, autocommit=True, application_name=application_name, **KEEPALIVES)
    connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
    return connection
