import type { NightCounter, NightRecord, NightScenario, NightTiming } from '../night-record.ts';
import { formatInUnit, formatShare } from '../quantity.ts';
import { tableText } from '../report/markdown.ts';
import { changeSize, detectableText } from '../report/verdict-sentence.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import { announcedText } from './announced-text.ts';
import { fitParts, folded, type PagePart } from './fitted-markdown.ts';
import { againPart, differencesPart, measuredPart } from './night-details.ts';
import {
  decisiveScenario,
  decisiveTiming,
  nightChange,
  nightInterval,
  nightTimingLook,
  nightTimingSentence,
} from './night-timing.ts';

/** What GitHub takes as a comment, 65,536 characters: as bytes, so that no way of counting finds more. */
export const COMMENT_BYTES = 65_536;

/** What GitHub takes as the summary of a step. */
export const SUMMARY_BYTES = 1_048_576;

/** What is known beside the night itself, in words. */
export interface NightSurroundings {
  /** What of the history could not be read, or is missing. */
  readonly historyProblems: readonly string[];
  /** Where the series of ratios moved: advice, never a verdict. */
  readonly changePoints: readonly string[];
}

/**
 * A night as Markdown for a job's summary or a comment. The first line is the verdict, exact counts and gate metrics stand open, the rest
 * is folded. The last line is the marker by which a comment is found again.
 *
 * @param limitBytes default {@link COMMENT_BYTES}; what does not fit is left out and named
 */
export function nightMarkdown(
  night: NightRecord,
  { historyProblems, changePoints }: NightSurroundings = { historyProblems: [], changePoints: [] },
  limitBytes: number = COMMENT_BYTES,
): string {
  const parts: PagePart[] = [
    ...night.scenarios.flatMap((scenario) => scenarioParts(scenario)),
    ...listPart(
      'change points',
      'Where the series of nights moved (advice: `rushhour bisect` confirms)',
      changePoints,
    ),
    ...listPart('problems of the history', 'Of the history could not be used', historyProblems),
    measuredPart(night),
    againPart(night),
  ];
  const foot = nightMarker(night.target);
  return fitParts(
    { head: headOf(night), parts, foot },
    limitBytes,
    'the `results/` that were kept of this night',
  );
}

/** Invisible; one comment for each target. */
export function nightMarker(target: string): string {
  return `<!-- rushhour:nightly ${target.replace(/[^\w.]+/g, '-').slice(0, 100)} -->`;
}

function headOf(night: NightRecord): string {
  const { sign, word } = NIGHT_LOOK[night.verdict];
  const scenario = decisiveScenario(night);
  const timing = scenario && decisiveTiming(scenario);
  // A headline of counts does not name the metric that was timed.
  const timed = timing && !night.headline.includes(timing.metric) ? [nightTimingSentence(timing)] : [];
  const detectable = timing && detectableText(timing);
  const sentence = [night.headline.replace(/\.$/, ''), ...timed, ...(detectable ? [detectable] : [])];
  const from = `${announcedText(night.reference.ref)} (${night.reference.commit.slice(0, 12)})`;
  const to = `${announcedText(night.candidate.ref)} (${night.candidate.commit.slice(0, 12)})`;
  return [
    `**${sign} ${word.toUpperCase()}** ${sentence.map(announcedText).join('; ')}`,
    `${announcedText(night.target)}: reference ${from} → candidate ${to}`,
    ...(night.origin === 'recorded'
      ? ['*Recorded: made from an earlier measurement, not measured this night.*']
      : []),
  ].join('\n\n');
}

function scenarioParts(scenario: NightScenario): PagePart[] {
  const { sign, word } = NIGHT_LOOK[scenario.verdict];
  const name = announcedText(scenario.scenario);
  const reasons = [...(scenario.failure === null ? [] : [scenario.failure]), ...scenario.refusals];
  const open = [
    `### ${name}: ${sign} ${word}`,
    ...(scenario.headline === '' ? [] : [announcedText(scenario.headline)]),
    ...(reasons.length === 0 ? [] : [bullets(reasons)]),
    ...(scenario.counters.length === 0 ? [] : [counterTable(scenario.counters)]),
    ...storedText(scenario),
    ...timingsOf(scenario, 'gate'),
    ...sinceText(scenario),
  ];
  const exploratory = timingsOf(scenario, 'exploratory');
  return [
    { name, text: open.join('\n\n'), folded: false },
    ...(scenario.differences.length === 0 ? [] : [differencesPart(scenario)]),
    ...(exploratory.length === 0
      ? []
      : [
          {
            name: `exploratory metrics of ${name}`,
            text: folded('Exploratory metrics, which decide nothing', exploratory.join('\n\n')),
            folded: true,
          },
        ]),
  ];
}

/** Exact counts of a dispatch. A count whose repeats differed stands behind "≈": its equality proves nothing. */
function counterTable(counters: readonly NightCounter[]): string {
  return tableText(
    ['A dispatch, counted', 'Reference', 'Candidate', 'Change'],
    [false, true, true, true],
    counters.map((counter) => [
      announcedText(counter.metric),
      formatInUnit(counter.reference, counter.unit),
      formatInUnit(counter.candidate, counter.unit),
      counterChange(counter),
    ]),
  );
}

/** "=", "+2", "−1.20 kB"; after "≈" when its repeats differed. */
function counterChange({ reference, candidate, unit, repeatsAgree }: NightCounter): string {
  const by = candidate - reference;
  const said = by === 0 ? '=' : `${by > 0 ? '+' : '−'}${formatInUnit(Math.abs(by), unit)}`;
  return repeatsAgree ? said : `≈ ${said}`;
}

function timingsOf(scenario: NightScenario, role: NightTiming['role']): string[] {
  const timings = scenario.timings.filter((timing) => timing.role === role);
  if (timings.length === 0) return [];
  return [
    tableText(
      ['Timed in pairs', 'Reference', 'Candidate', 'Change', 'Interval', 'Verdict'],
      [false, true, true, true, false, false],
      timings.map((timing) => [
        announcedText(timing.metric),
        formatInUnit(timing.referenceMedian, timing.unit),
        formatInUnit(timing.candidateMedian, timing.unit),
        nightChange(timing),
        nightInterval(timing),
        timingVerdict(timing, scenario),
      ]),
    ),
  ];
}

/** "✖ regressed (±3 %)"; what could not be settled says what it could have seen. */
function timingVerdict(timing: NightTiming, scenario: NightScenario): string {
  const { sign, word } = nightTimingLook(timing, scenario);
  const open = timing.verdict === 'inconclusive' && timing.detectableRatio !== null;
  const seen = open ? `, told a ${changeSize(timing.detectableRatio as number)} change` : '';
  return `${sign} ${word} (±${formatShare(timing.delta)}${seen})`;
}

function storedText({ stored }: NightScenario): string[] {
  if (stored.state === 'rebaselined')
    return [`Not compared with earlier nights: ${announcedText(stored.reason ?? 'their key is another')}.`];
  if (stored.state !== 'changed' || stored.changes.length === 0) return [];
  const changes = stored.changes.map(
    ({ metric, unit, before, now }) => `${metric} ${formatInUnit(before, unit)} → ${formatInUnit(now, unit)}`,
  );
  return [
    `Since the night ${announcedText(stored.night ?? 'before')}: ${changes.map(announcedText).join(', ')}.`,
  ];
}

function sinceText({ sinceLastNight }: NightScenario): string[] {
  if (sinceLastNight === null) return [];
  const { sign, word } = NIGHT_LOOK[sinceLastNight.verdict];
  const than = `the candidate of the last night (${sinceLastNight.commit.slice(0, 12)})`;
  return [`Against ${than}: ${sign} ${word}, ${announcedText(sinceLastNight.headline)}`];
}

function listPart(name: string, heading: string, items: readonly string[]): PagePart[] {
  return items.length === 0 ? [] : [{ name, text: `**${heading}:**\n\n${bullets(items)}`, folded: false }];
}

const LONGEST_LIST = 20;

function bullets(items: readonly string[]): string {
  const more = items.length - LONGEST_LIST;
  return [
    ...items.slice(0, LONGEST_LIST).map((item) => `- ${announcedText(item)}`),
    ...(more > 0 ? [`- and ${more} more`] : []),
  ].join('\n');
}
