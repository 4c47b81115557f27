"""python -m planner: the web process."""

import signal
import sys

import uvicorn

from .api import create_app
from .database import connect
from .settings import read_settings

SHUTDOWN_S = 3


def main() -> None:
    settings = read_settings()
    # uvicorn sends itself the signal again once it has shut down.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    engine = connect(settings.database_url, "planner-web")
    app = create_app(engine, settings)
    uvicorn.run(app, host=settings.host, port=settings.port, timeout_graceful_shutdown=SHUTDOWN_S)


if __name__ == "__main__":
    main()
