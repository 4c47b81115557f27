import type { NightCounter, NightRecord, NightScenario, NightTiming } from '../night-record.ts';
import { formatInUnit } from '../quantity.ts';
import { detectableText } from '../report/verdict-sentence.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import { visible } from './announced-text.ts';
import { nightTimingLook, nightTimingSentence } from './night-timing.ts';

type Outcome = 'passed' | 'failure' | 'error' | 'skipped';

interface TestCase {
  readonly name: string;
  readonly outcome: Outcome;
  /** Why it did not pass; what was measured. */
  readonly message: string;
}

/**
 * A night as JUnit XML (the schema of Apache Ant, which Jenkins and GitLab read): a suite for each scenario, in it its verdict, each gate metric
 * and each exact counter. Regressed is a failure, failed an error; what could not be judged is skipped with the reason.
 */
export function nightJUnit(night: NightRecord): string {
  const suites = night.scenarios.map((scenario, index) => suiteText(night, scenario, index));
  return ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...suites, '</testsuites>', ''].join(
    '\n',
  );
}

function suiteText(night: NightRecord, scenario: NightScenario, index: number): string {
  const cases = casesOf(scenario);
  const number = (outcome: Outcome) => cases.filter((one) => one.outcome === outcome).length;
  const classname = `${night.target}.${scenario.scenario}`;
  const attributes = attributesText({
    name: scenario.scenario,
    package: night.target,
    id: String(index),
    timestamp: new Date(night.at).toISOString().slice(0, 19), // the schema has no place for a zone: UTC
    hostname: night.machine,
    tests: String(cases.length),
    failures: String(number('failure')),
    errors: String(number('error')),
    skipped: String(number('skipped')),
    time: (scenario.wallMs / 1000).toFixed(3),
  });
  const properties = {
    night: night.id,
    reference: night.reference.commit,
    candidate: night.candidate.commit,
  };
  return [
    `  <testsuite ${attributes}>`,
    '    <properties>',
    ...Object.entries(properties).map(
      ([name, value]) => `      <property ${attributesText({ name, value })}/>`,
    ),
    '    </properties>',
    ...cases.map((one) => caseText(one, classname)),
    `    <system-out>${escapeXml(cases.map(({ name, message }) => `${name}: ${message}`).join('\n'))}</system-out>`,
    '    <system-err></system-err>',
    '  </testsuite>',
  ].join('\n');
}

function casesOf(scenario: NightScenario): TestCase[] {
  return [
    verdictCase(scenario),
    ...scenario.timings.filter(({ role }) => role === 'gate').map((timing) => timingCase(timing, scenario)),
    ...scenario.counters.map((counter) => counterCase(counter, scenario)),
  ];
}

function verdictCase({ verdict, headline, failure, refusals }: NightScenario): TestCase {
  const reasons = [...(failure === null ? [] : [failure]), ...refusals];
  const said = reasons.length === 0 ? headline : reasons.join('; ');
  return { name: 'verdict', outcome: OUTCOME[verdict], message: `${NIGHT_LOOK[verdict].word}: ${said}` };
}

const OUTCOME: Record<NightScenario['verdict'], Outcome> = {
  regressed: 'failure',
  failed: 'error',
  'not-comparable': 'skipped',
  'too-noisy': 'skipped',
  inconclusive: 'skipped',
  slower: 'passed',
  fine: 'passed',
  faster: 'passed',
  improved: 'passed',
};

function timingCase(timing: NightTiming, scenario: NightScenario): TestCase {
  const look = nightTimingLook(timing, scenario);
  const detectable = detectableText(timing);
  const message = [
    `${look.word}: ${nightTimingSentence(timing)}`,
    ...(detectable === null ? [] : [detectable]),
  ].join('; ');
  return { name: timing.metric, outcome: timingOutcome(timing, scenario), message };
}

function timingOutcome({ verdict, low }: NightTiming, scenario: NightScenario): Outcome {
  if (isUnjudged(scenario) || low === null) return 'skipped';
  if (verdict === 'inconclusive' || verdict === 'not-comparable') return 'skipped';
  if (verdict !== 'regressed') return 'passed';
  return scenario.verdict === 'regressed' ? 'failure' : 'skipped'; // not confirmed
}

/** Counts that grew fail a scenario that regressed and whose times did not: then they are what decided. */
function counterCase(counter: NightCounter, scenario: NightScenario): TestCase {
  const { metric, unit, reference, candidate, repeatsAgree } = counter;
  const stored = scenario.stored.changes.find((change) => change.metric === metric);
  const grew = candidate > reference || (stored !== undefined && stored.now > stored.before);
  const decided = scenario.verdict === 'regressed' && !gateRegressed(scenario);
  const message = [
    reference === candidate
      ? `${formatInUnit(candidate, unit)} a dispatch in both`
      : `${formatInUnit(reference, unit)} → ${formatInUnit(candidate, unit)} a dispatch`,
    ...(stored === undefined
      ? []
      : [`${formatInUnit(stored.before, unit)} in night ${scenario.stored.night}`]),
    ...(repeatsAgree ? [] : ['its repeats did not agree']),
  ].join('; ');
  const unjudged = isUnjudged(scenario) || !repeatsAgree;
  return { name: metric, outcome: unjudged ? 'skipped' : decided && grew ? 'failure' : 'passed', message };
}

function gateRegressed({ timings }: NightScenario): boolean {
  return timings.some(({ role, verdict }) => role === 'gate' && verdict === 'regressed');
}

function isUnjudged({ verdict }: NightScenario): boolean {
  return verdict === 'failed' || verdict === 'not-comparable';
}

function caseText({ name, outcome, message }: TestCase, classname: string): string {
  const start = `    <testcase ${attributesText({ name, classname, time: '0' })}`;
  if (outcome === 'passed') return `${start}/>`;
  const type = outcome === 'skipped' ? {} : { type: outcome };
  return `${start}>\n      <${outcome} ${attributesText({ message, ...type })}/>\n    </testcase>`;
}

function attributesText(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => `${name}="${escapeXml(value.replace(/\s+/g, ' ').trim() || '–')}"`)
    .join(' ');
}

/** Text of XML 1.0, which has no way at all to write most control characters. */
function escapeXml(text: string): string {
  return visible(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
