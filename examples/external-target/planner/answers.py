"""What the endpoints take and answer, as JSON."""

import uuid
from datetime import date, datetime, time
from typing import Literal

from pydantic import BaseModel, ConfigDict

from .model import OrderState


class Credentials(BaseModel):
    email: str
    password: str


class Token(BaseModel):
    access_token: str
    token_type: str = "bearer"


class PlanRequest(BaseModel):
    depot_id: int
    day: date


class PlanAccepted(BaseModel):
    plan_id: uuid.UUID


class Row(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RecipientView(Row):
    name: str
    street: str
    postcode: str
    city: str


class OrderView(Row):
    id: int
    reference: str
    state: OrderState
    due_at: datetime
    parcels: int
    note: str | None
    recipient: RecipientView


class CourierView(Row):
    id: uuid.UUID
    full_name: str
    capacity: int
    shift_start: time
    shift_end: time


class PlanView(Row):
    id: uuid.UUID
    state: Literal["queued", "running", "finished", "failed"]
    planned: int
    unplanned: int
    error: str | None


class OrderInStop(Row):
    id: int
    reference: str
    parcels: int


class StopView(Row):
    position: int
    arrives_at: datetime
    distance_m: int
    courier: CourierView
    parcel_order: OrderInStop
