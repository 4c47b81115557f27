"""python -m planner.worker: plans what is queued. One process at a time."""

import logging
import signal
import time
import uuid
from datetime import datetime

import psycopg
from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from .database import connect, listen
from .model import PLAN_QUEUED, PlanRun
from .planning import PLANNING
from .settings import Settings, read_settings

APPLICATION_NAME = "planner-worker"
RETRY_AFTER_S = 0.2

log = logging.getLogger("planner.worker")


def work(engine: Engine, settings: Settings) -> None:
    """Plans runs as they are queued, until the connection or the process ends."""
    with listen(settings.database_url, APPLICATION_NAME, PLAN_QUEUED) as listening:
        # Listening comes first: a run queued between the two steps would be missed the other way round.
        end_as_failed(engine, PlanRun.state == "running", "the worker ended before the plan did")
        plan_queued(engine, settings.mode)
        for _ in listening.notifies():
            plan_queued(engine, settings.mode)


def plan_queued(engine: Engine, mode: str) -> None:
    while (run_id := claim(engine)) is not None:
        try:
            with Session(engine) as session:
                run = session.get_one(PlanRun, run_id)
                run.planned, run.unplanned = PLANNING[mode](session, run)
                run.state, run.ended_at = "finished", local_now()
                session.commit()
                log.info("%s: %d planned, %d unplanned", run_id, run.planned, run.unplanned)
        except Exception as error:
            log.exception("%s failed", run_id)
            end_as_failed(engine, PlanRun.id == run_id, type(error).__name__)
        except KeyboardInterrupt:
            end_as_failed(engine, PlanRun.id == run_id, "the worker was stopped")
            raise


def claim(engine: Engine) -> uuid.UUID | None:
    """The run that waits longest, now running; None when nothing waits."""
    with Session(engine) as session:
        run = session.scalar(
            select(PlanRun)
            .where(PlanRun.state == "queued")
            .order_by(PlanRun.requested_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        if run is None:
            return None
        run_id, run.state = run.id, "running"
        session.commit()
        return run_id


def end_as_failed(engine: Engine, which: ColumnElement[bool], error: str) -> None:
    with Session(engine) as session:
        session.execute(
            update(PlanRun).where(which).values(state="failed", error=error, ended_at=local_now()),
            execution_options={"synchronize_session": False},
        )
        session.commit()


def local_now() -> ColumnElement[datetime]:
    """The database's clock, as people in Berlin read it."""
    return func.timezone("Europe/Berlin", func.now())


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    # As Ctrl-C does: psycopg then cancels the statement it waits for.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    settings = read_settings()
    engine = connect(settings.database_url, APPLICATION_NAME)
    try:
        while True:
            try:
                work(engine, settings)
            except (OperationalError, psycopg.OperationalError) as error:
                log.warning("no database, trying again: %s", str(error).splitlines()[0])
                time.sleep(RETRY_AFTER_S)
    except KeyboardInterrupt:
        log.info("stopped")
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
