"""Plans one depot and day: reads, decides, writes. Two ways with the same result."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from .decision import Choice, Offer, Place, Tour, decide
from .model import Courier, Depot, OrderState, ParcelOrder, PlanRun, Recipient, Stop, active_couriers, waiting_orders


def plan_before(session: Session, run: PlanRun) -> tuple[int, int]:
    """Follows the relationships wherever they lead, and saves as it goes. Answers planned and unplanned."""
    orders = session.scalars(waiting_orders(run)).all()
    tours = []
    for courier in session.scalars(active_couriers(run.depot_id)).all():
        stops = session.scalars(
            select(Stop).where(Stop.courier_id == courier.id, Stop.day == run.day).order_by(Stop.position)
        ).all()
        tours.append(_tour(run.depot, courier, stops))
    choices = decide([_offer(order) for order in orders], tours)

    for order in orders:
        choice = choices.get(order.id)
        if choice is None:
            order.state = "unplanned"
        else:
            session.add(_stop(run, order, choice))
            order.state = "planned"
        session.commit()
    return len(choices), len(orders) - len(choices)


def plan_after(session: Session, run: PlanRun) -> tuple[int, int]:
    """Reads all that it needs at once, and leaves one transaction to the caller. Answers planned and unplanned."""
    orders = session.scalars(waiting_orders(run).options(joinedload(ParcelOrder.recipient))).all()
    stops_of_day = selectinload(Courier.stops.and_(Stop.day == run.day))
    couriers = session.scalars(
        active_couriers(run.depot_id).options(
            stops_of_day.joinedload(Stop.parcel_order).joinedload(ParcelOrder.recipient)
        )
    ).all()
    tours = [_tour(run.depot, courier, courier.stops) for courier in couriers]
    choices = decide([_offer(order) for order in orders], tours)

    session.add_all(_stop(run, order, choices[order.id]) for order in orders if order.id in choices)
    _set_state(session, "planned", [order.id for order in orders if order.id in choices])
    _set_state(session, "unplanned", [order.id for order in orders if order.id not in choices])
    return len(choices), len(orders) - len(choices)


PLANNING = {"before": plan_before, "after": plan_after}


def _offer(order: ParcelOrder) -> Offer:
    return Offer(order.id, order.due_at, order.parcels, _place(order.recipient))


def _tour(depot: Depot, courier: Courier, stops: Sequence[Stop]) -> Tour:
    return Tour(
        courier_id=courier.id,
        shift_start=courier.shift_start,
        shift_end=courier.shift_end,
        free_parcels=courier.capacity - sum(stop.parcel_order.parcels for stop in stops),
        stops=len(stops),
        place=_place(stops[-1].parcel_order.recipient if stops else depot),
    )


def _stop(run: PlanRun, order: ParcelOrder, choice: Choice) -> Stop:
    return Stop(
        plan_run_id=run.id,
        courier_id=choice.courier_id,
        parcel_order_id=order.id,
        day=run.day,
        position=choice.position,
        arrives_at=order.due_at,
        distance_m=choice.distance_m,
    )


def _set_state(session: Session, state: OrderState, order_ids: list[int]) -> None:
    if order_ids:
        session.execute(
            update(ParcelOrder).where(ParcelOrder.id.in_(order_ids)).values(state=state),
            execution_options={"synchronize_session": False},
        )


def _place(somewhere: Recipient | Depot) -> Place:
    return Place(somewhere.latitude, somewhere.longitude)
