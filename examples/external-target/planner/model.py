"""The tables of schema.sql."""

import uuid
from datetime import date, datetime, time
from typing import ClassVar, Literal

from sqlalchemy import BigInteger, Computed, DateTime, Enum, ForeignKey, Identity, Select, SmallInteger, func, select
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

PLAN_QUEUED = "plan_queued"  # notified when a plan_run has been committed as queued

OrderState = Literal["waiting", "planned", "unplanned", "delivered"]


class Base(DeclarativeBase):
    type_annotation_map: ClassVar = {
        OrderState: Enum("waiting", "planned", "unplanned", "delivered", name="order_state")
    }


class Depot(Base):
    __tablename__ = "depot"

    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    latitude: Mapped[float]
    longitude: Mapped[float]


class Account(Base):
    __tablename__ = "account"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    email: Mapped[str]
    password_hash: Mapped[str]
    is_active: Mapped[bool]


class Courier(Base):
    __tablename__ = "courier"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    full_name: Mapped[str] = mapped_column(Computed("first_name || ' ' || last_name"))
    capacity: Mapped[int] = mapped_column(SmallInteger)
    shift_start: Mapped[time]
    shift_end: Mapped[time]
    is_active: Mapped[bool]

    stops: Mapped[list["Stop"]] = relationship(order_by="Stop.position", viewonly=True)


class Recipient(Base):
    __tablename__ = "recipient"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    name: Mapped[str]
    street: Mapped[str]
    postcode: Mapped[str]
    city: Mapped[str]
    latitude: Mapped[float]
    longitude: Mapped[float]


class ParcelOrder(Base):
    __tablename__ = "parcel_order"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    reference: Mapped[str]
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    recipient_id: Mapped[int] = mapped_column(ForeignKey("recipient.id"))
    state: Mapped[OrderState]
    due_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    due_day: Mapped[date] = mapped_column(Computed("due_at::date"))
    parcels: Mapped[int] = mapped_column(SmallInteger)
    note: Mapped[str | None]

    recipient: Mapped[Recipient] = relationship()


class PlanRun(Base):
    __tablename__ = "plan_run"

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=uuid.uuid4)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"))
    requested_by: Mapped[uuid.UUID] = mapped_column(ForeignKey("account.id"))
    day: Mapped[date]
    state: Mapped[str] = mapped_column(default="queued")
    planned: Mapped[int] = mapped_column(default=0)
    unplanned: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), server_default=func.now())
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=False))

    depot: Mapped[Depot] = relationship()


class Stop(Base):
    __tablename__ = "stop"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    plan_run_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("plan_run.id"))
    courier_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("courier.id"))
    parcel_order_id: Mapped[int] = mapped_column(ForeignKey("parcel_order.id"))
    day: Mapped[date]
    position: Mapped[int] = mapped_column(SmallInteger)
    arrives_at: Mapped[datetime] = mapped_column(DateTime(timezone=False))
    distance_m: Mapped[int]

    courier: Mapped[Courier] = relationship(viewonly=True)
    parcel_order: Mapped[ParcelOrder] = relationship()


def waiting_orders(run: PlanRun) -> Select[tuple[ParcelOrder]]:
    return (
        select(ParcelOrder)
        .where(ParcelOrder.depot_id == run.depot_id, ParcelOrder.due_day == run.day, ParcelOrder.state == "waiting")
        .order_by(ParcelOrder.due_at, ParcelOrder.id)
    )


def active_couriers(depot_id: int) -> Select[tuple[Courier]]:
    return select(Courier).where(Courier.depot_id == depot_id, Courier.is_active).order_by(Courier.id)
