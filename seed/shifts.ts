import { MINUTES_PER_DAY } from './calendar.ts';
import type { DatasetShape } from './profiles.ts';

/** Minutes from the service day's midnight, UTC. The end may lie after the next midnight. */
export interface Shift {
  readonly startMinute: number;
  readonly endMinute: number;
}

/** Start and end hours, dealt in this order: together they cover the day, most of them the two peaks. */
const SHIFT_HOURS: readonly (readonly [number, number])[] = [
  [7, 16],
  [14, 23],
  [16, 25],
  [5, 14],
  [11, 20],
  [0, 9],
  [13, 22],
  [7, 16],
  [12, 21],
  [9, 18],
];

const STAGGER_MINUTES: readonly number[] = [0, 15, -15, 30, -30];

/** Shift of a company's driver, by position in the company from 0. Every tenth begins the pattern again, shifted a little. */
export function shiftOf(position: number): Shift {
  const [startHour, endHour] = SHIFT_HOURS[position % SHIFT_HOURS.length] ?? [7, 16];
  const round = Math.floor(position / SHIFT_HOURS.length);
  const stagger = startHour === 0 ? 0 : (STAGGER_MINUTES[round % STAGGER_MINUTES.length] ?? 0);
  return { startMinute: startHour * 60 + stagger, endMinute: endHour * 60 + stagger };
}

/** Positions of the drivers on shift, by hour of the day. An hour that nobody covers lists everybody. */
export function onShiftByHour(shape: DatasetShape): readonly (readonly number[])[] {
  const everybody = Array.from({ length: shape.drivers }, (_, position) => position);
  return Array.from({ length: MINUTES_PER_DAY / 60 }, (_, hour) => {
    const onShift = everybody.filter((position) => {
      const { startMinute, endMinute } = shiftOf(position);
      return startMinute <= hour * 60 && endMinute >= (hour + 1) * 60;
    });
    return onShift.length > 0 ? onShift : everybody;
  });
}
