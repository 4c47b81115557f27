"""The HTTP endpoints."""

import uuid
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Annotated

from fastapi import Depends, FastAPI, HTTPException, Query
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session, joinedload

from . import answers
from .login import Caller, issue_token, password_matches, read_token
from .model import PLAN_QUEUED, Account, Courier, OrderState, ParcelOrder, PlanRun, Stop, active_couriers
from .settings import Settings


def create_app(engine: Engine, settings: Settings) -> FastAPI:
    app = FastAPI(title="Courier planner", version="1.0.0")
    eager = settings.mode == "after"

    def open_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    def read_caller(header: Annotated[HTTPAuthorizationCredentials, Depends(HTTPBearer())]) -> Caller:
        caller = read_token(header.credentials, settings.secret_key)
        if caller is None:
            raise HTTPException(401, "log in again")
        return caller

    Database = Annotated[Session, Depends(open_session)]
    CalledBy = Annotated[Caller, Depends(read_caller)]

    @app.get("/healthz")
    def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.post("/api/login")
    def login(credentials: answers.Credentials, session: Database) -> answers.Token:
        account = session.scalar(select(Account).where(Account.email == credentials.email.lower(), Account.is_active))
        if account is None or not password_matches(credentials.password, account.password_hash):
            raise HTTPException(401, "wrong e-mail or password")
        return answers.Token(access_token=issue_token(Caller(account.id, account.depot_id), settings.secret_key))

    @app.get("/api/orders", response_model=list[answers.OrderView])
    def list_orders(
        caller: CalledBy,
        session: Database,
        day: date | None = None,
        state: OrderState | None = None,
        limit: Annotated[int, Query(ge=1, le=500)] = 50,
    ) -> Sequence[ParcelOrder]:
        query = select(ParcelOrder).where(ParcelOrder.depot_id == caller.depot_id)
        if day is not None:
            query = query.where(ParcelOrder.due_day == day)
        if state is not None:
            query = query.where(ParcelOrder.state == state)
        if eager:
            query = query.options(joinedload(ParcelOrder.recipient))
        return session.scalars(query.order_by(ParcelOrder.due_at, ParcelOrder.id).limit(limit)).all()

    @app.get("/api/orders/{order_id}", response_model=answers.OrderView)
    def get_order(order_id: int, caller: CalledBy, session: Database) -> ParcelOrder:
        order = session.get(ParcelOrder, order_id)
        if order is None or order.depot_id != caller.depot_id:
            raise HTTPException(404, f"no order {order_id}")
        return order

    @app.get("/api/couriers", response_model=list[answers.CourierView])
    def list_couriers(caller: CalledBy, session: Database) -> Sequence[Courier]:
        return session.scalars(active_couriers(caller.depot_id)).all()

    @app.post("/api/plans", status_code=202)
    def request_plan(request: answers.PlanRequest, caller: CalledBy, session: Database) -> answers.PlanAccepted:
        if request.depot_id != caller.depot_id:
            raise HTTPException(403, f"depot {request.depot_id} is not yours")
        run = PlanRun(id=uuid.uuid4(), depot_id=request.depot_id, requested_by=caller.account_id, day=request.day)
        accepted = answers.PlanAccepted(plan_id=run.id)
        session.add(run)
        # Sent when the transaction commits, so the worker finds the row.
        session.execute(select(func.pg_notify(PLAN_QUEUED, str(run.id))))
        session.commit()
        return accepted

    @app.get("/api/plans/{plan_id}", response_model=answers.PlanView)
    def get_plan(plan_id: uuid.UUID, caller: CalledBy, session: Database) -> PlanRun:
        run = session.get(PlanRun, plan_id)
        if run is None or run.depot_id != caller.depot_id:
            raise HTTPException(404, f"no plan {plan_id}")
        return run

    @app.get("/api/plans/{plan_id}/stops", response_model=list[answers.StopView])
    def list_stops(plan_id: uuid.UUID, caller: CalledBy, session: Database) -> Sequence[Stop]:
        get_plan(plan_id, caller, session)
        query = select(Stop).where(Stop.plan_run_id == plan_id).order_by(Stop.courier_id, Stop.position)
        if eager:
            query = query.options(joinedload(Stop.courier), joinedload(Stop.parcel_order))
        return session.scalars(query).all()

    return app
