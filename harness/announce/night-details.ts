import type { NightRecord, NightScenario, Revision } from '../night-record.ts';
import { formatCount, formatDuration, formatInstant, shorten } from '../quantity.ts';
import { markdownCode, markdownFence } from '../report/escape.ts';
import { tableText } from '../report/markdown.ts';
import { announcedText, visible } from './announced-text.ts';
import { folded, type PagePart } from './fitted-markdown.ts';
import { bisectCommand, repeatCommand } from './night-commands.ts';

const MOST_DIFFERENCES = 50;
const LONGEST_STATEMENT = 200;

/** What the counts of the two differ in, by statement and index. */
export function differencesPart({ scenario, differences }: NightScenario): PagePart {
  const rows = differences
    .slice(0, MOST_DIFFERENCES)
    .map(({ subject, counter, baseline, candidate, sentence }) => [
      markdownCode(shorten(visible(subject), LONGEST_STATEMENT)),
      announcedText(counter),
      formatCount(baseline),
      formatCount(candidate),
      announcedText(sentence),
    ]);
  const table = tableText(
    ['Statement or index', 'Counted', 'Reference', 'Candidate', 'What it looks like'],
    [false, false, true, true, false],
    rows,
  );
  const more = differences.length - MOST_DIFFERENCES;
  return {
    name: `statements that differ in ${announcedText(scenario)}`,
    text: folded(
      `What differs, by statement and index (${differences.length})`,
      more > 0 ? `${table}\n\nand ${formatCount(more)} more` : table,
    ),
    folded: true,
  };
}

/** Everything that has to be pinned for the night to be the same again. */
export function measuredPart(night: NightRecord): PagePart {
  const facts: [string, string][] = [
    ['began', formatInstant(night.at)],
    ['night', night.id],
    ['branch', night.branch ?? 'none'],
    ['reference', revisionText(night.reference)],
    ['candidate', revisionText(night.candidate)],
    ['machine', night.machine],
    ['config', night.configDigest ?? 'none'],
    ...night.scenarios.flatMap((scenario) => scenarioFacts(scenario)),
  ];
  const table = tableText(
    ['What was measured', ''],
    [false, false],
    facts.map(([name, value]) => [announcedText(name), announcedText(value)]),
  );
  return { name: 'what was measured', text: folded('What was measured, on what', table), folded: true };
}

function scenarioFacts({
  scenario,
  resultId,
  state,
  datasetDigest,
  postgres,
  wallMs,
}: NightScenario): [string, string][] {
  const server =
    postgres === null
      ? ''
      : `, PostgreSQL ${postgres.version} (settings ${postgres.settingsHash.slice(0, 12)})`;
  const data = datasetDigest === null ? '' : `, dataset ${datasetDigest.slice(0, 12)}`;
  return [[scenario, `result ${resultId ?? 'none'}, ${state}, ${formatDuration(wallMs)}${data}${server}`]];
}

function revisionText({ ref, commit, lockfile }: Revision): string {
  return `${ref} = ${commit}, ${lockfile === null ? 'no lockfile' : `${lockfile.path} ${lockfile.hash.slice(0, 12)}`}`;
}

/** How to do it again, and how to find the commit between the two. */
export function againPart(night: NightRecord): PagePart {
  const repeat = ['Again, with the same two commits:', markdownFence(repeatCommand(night), 'sh')];
  const bisect = ['Which commit between the two did it:', markdownFence(bisectCommand(night), 'sh')];
  const moved = night.verdict === 'regressed' || night.verdict === 'slower' || night.verdict === 'improved';
  return {
    name: 'commands',
    text: folded('Do it again', [...repeat, ...(moved ? bisect : [])].join('\n\n')),
    folded: true,
  };
}
