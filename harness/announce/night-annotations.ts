import type { NightRecord, NightScenario, NightVerdict } from '../night-record.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import { visible } from './announced-text.ts';

/** How a CI wants to be told something beside its log. */
export type AnnotationFlavour = 'github' | 'gitlab' | 'plain';

/** What of an environment says which CI it is. */
export function annotationFlavour(environment: NodeJS.ProcessEnv): AnnotationFlavour {
  if (environment.GITHUB_ACTIONS === 'true') return 'github';
  if (environment.GITLAB_CI === 'true') return 'gitlab';
  return 'plain';
}

type Level = 'error' | 'warning' | 'notice';

/** `null`: nothing that anybody has to look at. */
const LEVEL: Record<NightVerdict, Level | null> = {
  regressed: 'error',
  failed: 'error',
  'not-comparable': 'warning',
  'too-noisy': 'warning',
  inconclusive: 'warning',
  slower: 'warning',
  fine: null,
  faster: 'notice',
  improved: 'notice',
};

/** GitHub shows ten of a level for each step and drops the others without a word. */
const MOST_OF_LEVEL = 10;

/**
 * A line for each scenario that is not fine, the worst first: in GitHub's workflow commands, else as plain text. GitLab has none for its
 * log; what it shows beside a merge request is {@link codeQuality}.
 */
export function nightAnnotations(night: NightRecord, flavour: AnnotationFlavour): string[] {
  return (['error', 'warning', 'notice'] as const).flatMap((level) => {
    const scenarios = night.scenarios.filter(({ verdict }) => LEVEL[verdict] === level);
    const lines = scenarios.map((scenario) => annotation(night, scenario, level, flavour));
    if (flavour !== 'github' || lines.length <= MOST_OF_LEVEL) return lines;
    const more = `${lines.length - MOST_OF_LEVEL + 1} more scenarios are told in the summary`;
    return [...lines.slice(0, MOST_OF_LEVEL - 1), command(level, night.target, more)];
  });
}

function annotation(
  night: NightRecord,
  scenario: NightScenario,
  level: Level,
  flavour: AnnotationFlavour,
): string {
  const title = `${night.target} ${scenario.scenario}: ${NIGHT_LOOK[scenario.verdict].word}`;
  const said = saidOf(scenario);
  return flavour === 'github'
    ? command(level, title, said)
    : visible(`${level.toUpperCase()} ${title}: ${said}`).replace(/\s+/g, ' ').trim();
}

function saidOf({ failure, refusals, headline }: NightScenario): string {
  const reasons = [...(failure === null ? [] : [failure]), ...refusals];
  return reasons.length === 0 ? headline : reasons.join('; ');
}

/** Escaped as actions/toolkit does (packages/core/src/command.ts): no text can begin a command of its own. */
function command(level: Level, title: string, message: string): string {
  const data = (text: string) =>
    visible(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
  const property = data(title).replaceAll(':', '%3A').replaceAll(',', '%2C');
  return `::${level} title=${property}::${data(message)}`;
}

/** One line of GitLab's code quality report. */
export interface CodeQualityIssue {
  readonly description: string;
  readonly check_name: string;
  /** The same for the same thing in another night, by which GitLab knows what is new. */
  readonly fingerprint: string;
  readonly severity: 'info' | 'minor' | 'major' | 'critical' | 'blocker';
  readonly location: { readonly path: string; readonly lines: { readonly begin: number } };
}

const SEVERITY = { error: 'critical', warning: 'minor', notice: 'info' } as const;

/** The night as GitLab's code quality report. @param file what it is shown at: the config, seen from the repository */
export function codeQuality(night: NightRecord, file: string): CodeQualityIssue[] {
  return night.scenarios.flatMap((scenario) => {
    const level = LEVEL[scenario.verdict];
    if (level === null) return [];
    return [
      {
        description: visible(
          `${scenario.scenario}: ${NIGHT_LOOK[scenario.verdict].word}. ${saidOf(scenario)}`,
        ),
        check_name: 'rushhour nightly',
        fingerprint: [night.target, scenario.scenario, scenario.verdict].map(encodeURIComponent).join('/'),
        severity: SEVERITY[level],
        location: { path: file, lines: { begin: 1 } },
      },
    ];
  });
}
