/** What the list of all results says of one, made of its record alone. Pure. */
import { adviceHeadline } from '../advice/advice-headline.ts';
import type { Comparison } from '../experiment-record.ts';
import { groupBy } from '../group-by.ts';
import { shorten } from '../quantity.ts';
import { incompleteText } from '../report/incomplete.ts';
import { profileLines } from '../report/profile-headline.ts';
import { environmentOf, mainComparison, mainVariants, type ReportInput } from '../report/report-input.ts';
import { type StoredRatio, storedRatios } from '../report/stored-ratio.ts';
import { capitalised, verdictSentence } from '../report/verdict-sentence.ts';
import {
  comparisonLook,
  HINT_WORSE,
  MAY_BE_CHANCE,
  NO_VERDICT,
  NOT_CONFIRMED,
  VERDICT_LOOK,
  type VerdictLook,
} from '../report/verdict-words.ts';
import { thresholdLook, thresholdVerdict } from '../report/view/thresholds.ts';
import { outcomeLook } from '../report/week/outcome-look.ts';
import { weekSummary } from '../report/week/week-headline.ts';
import type { Environment, ResultState, RunRecord } from '../result.ts';
import type { StoredResult, StoredRuns } from '../store/read-results.ts';

export type ListedKind = StoredResult['kind'] | 'unknown';

/** `unreadable`: there is no end record, or it cannot be read. */
export type ListedState = ResultState | 'unreadable';

/** A verdict and how often the result says it: once for each comparison, or goal. */
export interface ListedVerdict {
  readonly word: string;
  readonly sign: string;
  /** Its colour on a light page; `themedColour` follows the theme. */
  readonly tone: string;
  readonly count: number;
  /** Place among all verdicts, the worst is 0. */
  readonly rank: number;
}

/** One result in the list of all. */
export interface ListedResult {
  readonly id: string;
  readonly kind: ListedKind;
  readonly state: ListedState;
  /** ISO 8601, UTC. */
  readonly startedAt: string;
  readonly scenario: string;
  readonly variants: readonly string[];
  /** Worst first; none of what has no verdict, such as a profile. */
  readonly verdicts: readonly ListedVerdict[];
  /** Of the measured service's code; `null` where the result does not know it. */
  readonly branch: string | null;
  readonly commit: string | null;
  readonly headline: string;
  /** Of an experiment: what trends are drawn from; empty for anything else. */
  readonly ratios: readonly StoredRatio[];
  /** What was said to the database: shortened texts, for the search. */
  readonly statements: readonly string[];
}

/** Every word a verdict may be in the list, the worst first. */
const WORST_FIRST: readonly VerdictLook[] = [
  VERDICT_LOOK.regressed,
  thresholdLook(false),
  outcomeLook('fail'),
  VERDICT_LOOK['not-comparable'],
  NOT_CONFIRMED,
  VERDICT_LOOK.slower,
  HINT_WORSE,
  VERDICT_LOOK.inconclusive,
  MAY_BE_CHANCE,
  outcomeLook('open'),
  NO_VERDICT,
  VERDICT_LOOK.equivalent,
  VERDICT_LOOK.faster,
  outcomeLook('pass'),
  thresholdLook(true),
  VERDICT_LOOK.improved,
];

/** Texts that are kept of one result, and letters of each. */
const MOST_STATEMENTS = 30;
const MOST_LETTERS = 160;

export function listedResult(result: StoredResult): ListedResult {
  switch (result.kind) {
    case 'run':
    case 'experiment':
      return listedRuns(result);
    case 'profile': {
      const { profile, id } = result;
      const { state, startedAt, dataset, variant, environment } = profile;
      return {
        ...{ id, kind: 'profile', state, startedAt, ...codeOf(environment) },
        scenario: dataset.profile,
        variants: [variant],
        ...{ verdicts: [], ratios: [] },
        headline: profileLines(profile)[0] ?? '',
        statements: texts(profile.statements.statements.map(({ statement }) => statement)),
      };
    }
    case 'advice': {
      const { advice, id } = result;
      const { startedAt, dataset, variant, environment, advised } = advice;
      return {
        ...{ id, kind: 'advice', state: 'complete', startedAt, ...codeOf(environment) },
        scenario: dataset.profile,
        variants: [variant],
        ...{ verdicts: [], ratios: [] },
        headline: adviceHeadline(advice),
        statements: texts(advised.map(({ sql }) => sql)),
      };
    }
    case 'week': {
      const { week, id } = result;
      const { state, startedAt, plan, environment, finalMetrics } = week;
      return {
        ...{ id, kind: 'week', state, startedAt, ...codeOf(environment) },
        scenario: plan.shape.profile,
        variants: plan.ladder.variants,
        verdicts: counted(finalMetrics.map(({ outcome }) => outcomeLook(outcome))),
        headline: weekSummary(week),
        ...{ statements: [], ratios: [] },
      };
    }
  }
}

function listedRuns(result: StoredRuns): ListedResult {
  const input: ReportInput =
    result.kind === 'run'
      ? { kind: 'run', run: result.run }
      : { kind: 'experiment', experiment: result.experiment, runs: result.runs };
  const { state, startedAt, scenario } = result.kind === 'run' ? result.run : result.experiment;
  const runs = result.kind === 'run' ? [result.run] : result.runs.map(({ run }) => run);
  return {
    ...{ id: result.id, kind: result.kind, state, startedAt, scenario, ...codeOf(judgedEnvironment(input)) },
    variants: result.kind === 'run' ? [result.run.variant] : result.experiment.variants,
    verdicts: counted(looksOf(result)),
    headline: incompleteText(input) ?? headlineOf(input),
    ratios: storedRatios(input),
    statements: texts(runs.flatMap(statementsOf)),
  };
}

/** Of the code that is judged: where two commits were compared it is the candidate's. */
function judgedEnvironment(input: ReportInput): Environment | null {
  const candidate = mainVariants(input)?.candidate;
  const judged = input.kind === 'run' ? null : input.runs.find(({ run }) => run.variant === candidate);
  return judged?.run.environment ?? environmentOf(input);
}

function looksOf(result: StoredRuns): VerdictLook[] {
  if (result.kind === 'run') return [thresholdVerdict(result.run)?.look ?? []].flat();
  const { comparisons, state } = result.experiment;
  return comparisons.map((comparison) => comparisonLook(comparison, state));
}

function headlineOf(input: ReportInput): string {
  if (input.kind === 'run')
    return thresholdVerdict(input.run)?.sentence ?? 'Measured; it has no thresholds to judge by.';
  const main: Comparison | null = mainComparison(input);
  if (main === null) return 'Nothing was compared.';
  return `${capitalised(verdictSentence(main, input.experiment.state))}.`;
}

function counted(looks: readonly VerdictLook[]): ListedVerdict[] {
  return [...groupBy(looks, ({ word }) => word)]
    .map(([word, same]) => ({
      word,
      sign: same[0]?.sign ?? '',
      tone: same[0]?.light ?? '',
      count: same.length,
      rank: WORST_FIRST.findIndex((look) => look.word === word),
    }))
    .sort((a, b) => a.rank - b.rank);
}

function codeOf(environment: Environment | null): Pick<ListedResult, 'branch' | 'commit'> {
  if (environment === null) return { branch: null, commit: null };
  const { target, tool } = environment;
  // The reference target is the code of the tool itself.
  const ofTool = target === undefined || target.configDigest === null;
  return { branch: target?.branch ?? null, commit: target?.sourceCommit ?? (ofTool ? tool.commit : null) };
}

function statementsOf({ probe, loads }: RunRecord): string[] {
  return [...(probe?.statements ?? []), ...loads.flatMap(({ database }) => database?.statements ?? [])].map(
    ({ text }) => text,
  );
}

function texts(all: readonly string[]): string[] {
  return [...new Set(all.map((text) => shorten(text, MOST_LETTERS)))].slice(0, MOST_STATEMENTS);
}

/** A folder that holds no result one can read: listed with the reason, so that it is not overlooked. */
export function unreadableResult(id: string, reason: string): ListedResult {
  return {
    ...{ id, kind: 'unknown', state: 'unreadable', startedAt: instantOf(id) },
    ...{ scenario: '', variants: [], verdicts: [], branch: null, commit: null, statements: [], ratios: [] },
    headline: reason,
  };
}

/** The time that an id begins with: `20261122-231502-…`. */
function instantOf(id: string): string {
  const [, date, time] = /^(\d{8})-(\d{6})/.exec(id) ?? [];
  if (date === undefined || time === undefined) return '';
  const day = date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  return `${day}T${time.replace(/^(\d\d)(\d\d)(\d\d)$/, '$1:$2:$3')}.000Z`;
}
