import type { CapturedParameter } from './transcript.ts';

export interface Prepared {
  readonly text: string;
  readonly parameterTypes: readonly number[];
}

/** A prepared statement with its parameters, ready to be executed, whole or some rows at a time. */
export interface Portal extends Prepared {
  readonly parameters: readonly CapturedParameter[];
  /** What was fetched so far when only a part of the rows was asked for. */
  readonly fetched: { readonly startedMs: number; readonly rows: number } | null;
}

/** Names of one session: of its prepared statements and of its portals. The nameless ones have the name ''. */
export function sessionNames() {
  const prepared = new Map<string, Prepared>();
  const portals = new Map<string, Portal>();

  const statement = (name: string): Prepared =>
    prepared.get(name) ?? { text: `EXECUTE ${quoted(name)}`, parameterTypes: [] };

  return {
    prepare: (name: string, { text, parameterTypes }: Prepared) =>
      prepared.set(name, { text, parameterTypes }),
    forget: (name: string) => prepared.delete(name),
    /** Whether a Parse made it; one made by PREPARE in SQL has a text that was not heard. */
    knows: (name: string): boolean => prepared.has(name),
    statement,
    open(name: string, from: string, parameters: readonly CapturedParameter[]): void {
      portals.set(name, { ...statement(from), parameters, fetched: null });
    },
    /** A portal that no Bind made is a cursor of SQL. */
    portal: (name: string): Portal =>
      portals.get(name) ?? {
        text: `FETCH ALL FROM ${quoted(name)}`,
        parameterTypes: [],
        parameters: [],
        fetched: null,
      },
    /** Some of its rows were fetched: it is not over. */
    suspend(name: string, fetched: NonNullable<Portal['fetched']>): void {
      const portal = portals.get(name);
      if (portal) portals.set(name, { ...portal, fetched });
    },
    /** Removes portals, one or all, and gives back those that were not over. */
    closePortals(names: Iterable<string> = [...portals.keys()]): readonly Portal[] {
      const unfinished: Portal[] = [];
      for (const name of names) {
        const portal = portals.get(name);
        if (portal?.fetched) unfinished.push(portal);
        portals.delete(name);
      }
      return unfinished;
    },
    /** All rows were fetched. */
    finish(name: string): void {
      const portal = portals.get(name);
      if (portal) portals.set(name, { ...portal, fetched: null });
    },
  };
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
