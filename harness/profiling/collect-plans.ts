import pg from 'pg';
import type { CapturedStatement, Transcript } from '../capture/transcript.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { endClient } from '../postgres/end-client.ts';
import { redactUrl } from '../postgres/server.ts';
import { watchSilence } from '../postgres/silent-session.ts';
import { countOf } from '../quantity.ts';
import { type Replayed, type ReplayPlace, replayTranscript } from '../replay/replay.ts';
import { type StatementOutcome, sendMessage } from '../replay/replayed-message.ts';
import { chooseCalls } from './choose-calls.ts';
import { genericPlan } from './generic-plan.ts';
import { readPlan } from './plan-nodes.ts';
import type { PlanOrReason, StatementPlans } from './statement-record.ts';

export interface CollectPlansOptions {
  /** Of a fresh clone in the state the capture began in; it is written to. Connects as the service does. */
  readonly connectionUrl: string;
  readonly transcript: Transcript;
  /** Folded texts of the statements of the transcript, in its order. */
  readonly identities: readonly string[];
  /** Folded texts of the statements whose plans are wanted. */
  readonly wanted: readonly string[];
}

export interface CollectedPlans {
  /** In the order wanted. */
  readonly plans: StatementPlans[];
  /** What makes the plans less than certain, in sentences. */
  readonly warnings: string[];
}

const ANALYSE = 'EXPLAIN (ANALYZE, BUFFERS, WAL, SETTINGS, FORMAT JSON)';

/**
 * Gets two plans of each wanted statement: the generic one, made without parameters, and one that was executed with the
 * parameters of a captured call, at its place in a replay of all that came before it.
 *
 * The analysed statement takes the place of the captured one. EXPLAIN ANALYZE executes, so nothing is missing
 * afterwards. To analyse inside a savepoint, roll back and then execute would take every sequence number
 * twice, which no rollback gives back, and the ids that later statements were captured with would not exist.
 *
 * @throws HarnessError DATABASE_FAILED when the clone cannot be reached or a session breaks
 */
export async function collectPlans(options: CollectPlansOptions): Promise<CollectedPlans> {
  const { connectionUrl, transcript, identities, wanted } = options;
  const { chosen, without } = chooseCalls(transcript, identities, wanted);
  const generic = await genericPlans(
    connectionUrl,
    chosen.map(({ index }) => transcript.statements[index] as CapturedStatement),
  );
  const { analysed, warnings } = await analyse(
    connectionUrl,
    transcript,
    chosen.map(({ index }) => index),
  );
  const plans = wanted.map((statement): StatementPlans => {
    const call = chosen.find((one) => one.statement === statement);
    if (!call) {
      const reason = without.find((one) => one.statement === statement)?.reason ?? 'it was not captured';
      return { statement, generic: { unavailable: reason }, analysed: { unavailable: reason }, call: null };
    }
    return {
      statement,
      generic: generic[chosen.indexOf(call)] as PlanOrReason,
      analysed: analysed.get(call.index) ?? { unavailable: 'the replay did not come to it' },
      call: { number: call.number, of: call.of },
    };
  });
  return { plans, warnings };
}

async function genericPlans(
  connectionUrl: string,
  statements: readonly CapturedStatement[],
): Promise<PlanOrReason[]> {
  const client = new pg.Client({
    connectionString: connectionUrl,
    application_name: 'rushhour-plans',
    connectionTimeoutMillis: 15_000,
    statement_timeout: 30_000,
    lock_timeout: 2_000,
  });
  client.on('error', () => {}); // the statement under way carries it
  try {
    await client.connect();
    watchSilence(client, { connectionString: connectionUrl, where: redactUrl(connectionUrl) });
    const plans: PlanOrReason[] = [];
    for (const statement of statements) plans.push(await genericPlan(client, statement));
    return plans;
  } catch (error) {
    throw new HarnessError('DATABASE_FAILED', `Plans could not be asked for: ${messageOf(error)}`, {
      cause: error,
      hint: 'Check that the clone is there and lets the role of the service in.',
    });
  } finally {
    await endClient(client);
  }
}

async function analyse(connectionUrl: string, transcript: Transcript, indexes: readonly number[]) {
  const analysed = new Map<number, PlanOrReason>();
  const warnings: string[] = [];
  if (indexes.length === 0) return { analysed, warnings };
  const wanted = new Map(indexes.map((index) => [transcript.statements[index], index]));
  const part = upTo(transcript, indexes);
  const replayed = await replayTranscript(connectionUrl, part, {
    instead: async (place) => {
      const index = wanted.get(place.statement);
      if (index === undefined) return null;
      const { plan, outcome } = await analyseInPlace(place);
      analysed.set(index, plan);
      return [outcome];
    },
  });
  const others = differing(part, replayed, (statement) => !wanted.has(statement));
  if (others > 0) {
    warnings.push(
      `${countOf(others, 'statement')} of the replay returned or wrote another number of rows than when captured, so the plans may be of other data.`,
    );
  }
  return { analysed, warnings };
}

/** What was executed until the last of some statements had ended: the rest need not be replayed. */
function upTo(transcript: Transcript, indexes: readonly number[]): Transcript {
  const lastMs = Math.max(...indexes.map((index) => transcript.statements[index]?.endedMs ?? 0));
  return { ...transcript, statements: transcript.statements.filter(({ endedMs }) => endedMs <= lastMs) };
}

async function analyseInPlace({
  client,
  statement,
}: ReplayPlace): Promise<{ plan: PlanOrReason; outcome: StatementOutcome }> {
  const lines: string[] = [];
  const [outcome] = await sendMessage(
    client,
    { ...statement, text: `${ANALYSE} ${statement.text}` },
    ([line]) => lines.push(line ?? ''),
  );
  if (!outcome || outcome.sqlState !== null) {
    const reason = `EXPLAIN ANALYZE failed in the replay (SQLSTATE ${outcome?.sqlState ?? 'unknown'})`;
    return {
      plan: { unavailable: reason },
      outcome: outcome ?? { rows: null, resultDigest: null, sqlState: null },
    };
  }
  return { plan: readPlan(JSON.parse(lines.join('\n'))), outcome };
}

function differing(
  part: Transcript,
  { statements }: Replayed,
  counts: (statement: CapturedStatement) => boolean,
): number {
  return statements.filter(({ index, rows }) => {
    const captured = part.statements[index];
    return captured !== undefined && counts(captured) && captured.rows !== rows;
  }).length;
}
