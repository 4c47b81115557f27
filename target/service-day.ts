/** The work of one company on one day: what a dispatch is about. */
export interface CompanyDay {
  readonly companyId: number;
  /** `YYYY-MM-DD`, UTC. */
  readonly day: string;
}

export const DAY_MS = 86_400_000;

/** The instants a service day begins and ends: `[start, end)`, UTC. */
export function dayBounds(day: string): { readonly start: Date; readonly end: Date } {
  const start = new Date(`${day}T00:00:00Z`);
  return { start, end: new Date(start.getTime() + DAY_MS) };
}

/** Days since 1970-01-01; negative before it. */
export function epochDay(day: string): number {
  return Math.floor(dayBounds(day).start.getTime() / DAY_MS);
}
