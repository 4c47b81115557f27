"""Who delivers what: values in, values out."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time
from math import cos, hypot, radians

METRES_PER_DEGREE = 111_195


@dataclass(frozen=True)
class Place:
    latitude: float
    longitude: float


@dataclass(frozen=True)
class Offer:
    order_id: int
    due_at: datetime
    parcels: int
    place: Place


@dataclass
class Tour:
    """A courier's day so far."""

    courier_id: uuid.UUID
    shift_start: time
    shift_end: time
    free_parcels: int
    stops: int
    place: Place  # of the last stop, or the depot

    def can_take(self, offer: Offer) -> bool:
        return offer.parcels <= self.free_parcels and self.shift_start <= offer.due_at.time() < self.shift_end


@dataclass(frozen=True)
class Choice:
    courier_id: uuid.UUID
    position: int
    distance_m: int


def decide(offers: Iterable[Offer], tours: list[Tour]) -> dict[int, Choice]:
    """Gives each order, in the order offered, to the nearest courier on shift with room left.

    Orders that nobody can take are missing in the answer. The tours are extended by what they get.
    """
    choices: dict[int, Choice] = {}
    for offer in offers:
        able = [tour for tour in tours if tour.can_take(offer)]
        if not able:
            continue
        nearest = min(able, key=lambda tour: (distance_m(tour.place, offer.place), tour.courier_id))
        nearest.stops += 1
        choices[offer.order_id] = Choice(nearest.courier_id, nearest.stops, distance_m(nearest.place, offer.place))
        nearest.free_parcels -= offer.parcels
        nearest.place = offer.place
    return choices


def distance_m(a: Place, b: Place) -> int:
    """Metres as the crow flies; good within a city."""
    north = b.latitude - a.latitude
    east = (b.longitude - a.longitude) * cos(radians((a.latitude + b.latitude) / 2))
    return round(hypot(north, east) * METRES_PER_DEGREE)
