/** The month that `verify:month` lives through: what was committed on each day, and what a night has to say of it. */

/** What the service does after a commit, as arguments of the reference service. */
export interface ServiceState {
  readonly variant: string;
  /** Busy time added to each request, as a share of its service time: `50%`. */
  readonly slowdown: string | null;
}

export interface MonthCommit {
  readonly subject: string;
  /** Left out: the commit changes nothing that is measured. */
  readonly state?: ServiceState;
}

export interface Day {
  /** From 1. */
  readonly day: number;
  readonly commits: readonly MonthCommit[];
  /** Subject of the commit that has to be found this night, with the direction. */
  readonly planted?: { readonly subject: string; readonly direction: 'regressed' | 'improved' };
  /** Whether the candidate does less than the reference: `improved` is right then. */
  readonly better: boolean;
}

const USUAL: ServiceState = { variant: 'bulk-apply', slowdown: null };
const BETTER: ServiceState = { variant: 'optimised', slowdown: null };

const PER_ROW = 'apply: write each assignment by itself, so that one failure keeps the others';
const BUSY = 'http: check every answer against its schema';
const JOINED = 'dispatch: read clients and drivers together with their bookings';

/** Days on which something was planted; all others change comments and notes alone. */
const PLANTED: Readonly<Record<number, { readonly commit: MonthCommit; readonly planted?: Day['planted'] }>> =
  {
    9: {
      commit: { subject: PER_ROW, state: { variant: 'baseline', slowdown: null } },
      planted: { subject: PER_ROW, direction: 'regressed' },
    },
    10: { commit: { subject: `Revert "${PER_ROW}"`, state: USUAL } },
    15: {
      commit: { subject: BUSY, state: { ...USUAL, slowdown: '50%' } },
      planted: { subject: BUSY, direction: 'regressed' },
    },
    16: { commit: { subject: `Revert "${BUSY}"`, state: USUAL } },
    21: {
      commit: { subject: JOINED, state: BETTER },
      planted: { subject: JOINED, direction: 'improved' },
    },
  };

/** What the repository holds before the first day: what every night is compared with. */
export const RELEASE: MonthCommit = { subject: 'release 1.0', state: USUAL };

/**
 * 30 days of three commits each; on some, the second one is planted. One regression shows in what is counted, one in time alone; the
 * improvement shows in both.
 */
export function monthOf(days = 30): Day[] {
  return Array.from({ length: days }, (_, index) => {
    const day = index + 1;
    const plant = PLANTED[day];
    const note = (part: string): MonthCommit => ({ subject: `notes: day ${day}, ${part}` });
    return {
      day,
      commits: [note('morning'), plant?.commit ?? note('noon'), note('evening')],
      better: day >= 21,
      ...(plant?.planted && { planted: plant.planted }),
    };
  });
}
