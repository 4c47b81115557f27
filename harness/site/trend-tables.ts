import { formatChange } from '../change.ts';
import type { ChangePoint } from '../history/change-points.ts';
import type { NightSeries } from '../history/night-series.ts';
import type { NightRecord } from '../night-record.ts';
import { countOf, formatInstant, formatInUnit } from '../quantity.ts';
import type { CounterSteps } from '../report/counter-steps.ts';
import { escapeHtml } from '../report/escape.ts';
import { tableHtml } from '../report/html-blocks.ts';
import { themedColour } from '../report/inline-svg.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import { table } from '../report/view/blocks.ts';

const short = (commit: string) => commit.slice(0, 12);

/** Change points as advice: what moved, between which commits, and the command that asks which one did it. */
export function changesHtml(changes: readonly ChangePoint[]): string {
  if (changes.length === 0) return '<p>None found: every metric kept its level.</p>';
  const items = changes
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ metric, unit, at, change, before, after, pValue, commits, bisect }) => {
      const moved = formatChange(change, { unit, higherIsBetter: false });
      const means = `mean ratio ${before.ratio.toFixed(3)} over ${countOf(before.nights, 'night')} before, ${after.ratio.toFixed(3)} over ${countOf(after.nights, 'night')} after; p ${pValue < 1e-4 ? 'below 0.0001' : pValue.toPrecision(2)}`;
      const ask =
        bisect === null
          ? '<p>Both nights had the same candidate, so no commit between them can have done it.</p>'
          : `<p>Between <code>${short(commits.from)}</code> and <code>${short(commits.to)}</code>. Paired experiments name the one that did it:</p><pre tabindex="0"><code>${escapeHtml(bisect)}</code></pre>`;
      return `<div class="change"><h3>${escapeHtml(`${metric} ${moved} from ${formatInstant(at)}`)}</h3><p class="note">${means}</p>${ask}</div>`;
    });
  return `<p class="lead">Advice, no verdict: a level may also move with the machine or the data.</p>${items.join('\n')}`;
}

/** Every night at which an exact counter changed. */
export function countersHtml(steps: readonly CounterSteps[]): string {
  const rows = steps.flatMap(({ metric, unit, changes }) =>
    changes.map(({ at, commit, before, now }) => [
      formatInstant(at),
      metric,
      formatInUnit(before, unit),
      formatInUnit(now, unit),
      { kind: 'code' as const, text: short(commit) },
    ]),
  );
  const block = table(
    'Nights at which an exact counter changed',
    ['night', 'counter', 'before', 'from then on', 'commit'],
    rows,
    { textColumns: [1, 4] },
  );
  return block === null ? '' : tableHtml(block, new Map());
}

/** Nights without a ratio, and nights that are not there, each reason once. */
export function gapsHtml(series: readonly NightSeries[]): string {
  const rows = [
    ...new Map(
      series.flatMap(({ gaps }) =>
        gaps.map(({ at, reason }) => [`${at} ${reason}`, { at, reason }] as const),
      ),
    ).values(),
  ]
    .toSorted((a, b) => (a.at < b.at ? 1 : -1))
    .map(({ at, reason }) => [formatInstant(at), reason]);
  const block = table(`${countOf(rows.length, 'gap')} in the lines`, ['from', 'reason'], rows, {
    textColumns: [1],
    folded: rows.length > 5,
  });
  return block === null ? '' : tableHtml(block, new Map());
}

/** All nights, newest first. @param hrefOf address of a result's page; `null` where the result is not there any more */
export function nightsHtml(
  nights: readonly NightRecord[],
  scenario: string,
  hrefOf: (id: string) => string | null,
): string {
  const rows = nights.toReversed().flatMap((night) => {
    const found = night.scenarios.find((one) => one.scenario === scenario);
    if (found === undefined) return [];
    const look = NIGHT_LOOK[found.verdict];
    const href = found.resultId === null ? null : hrefOf(found.resultId);
    const result =
      href === null
        ? escapeHtml(found.resultId === null ? 'none' : 'not here')
        : `<a href="${escapeHtml(href)}" aria-label="${escapeHtml(`result of ${formatInstant(night.at)}`)}">result</a>`;
    return [
      `<tr><td>${formatInstant(night.at)}</td><td><span class="word" style="--tone:${themedColour(look.light)}">${look.sign} ${escapeHtml(look.word)}</span></td><td>${escapeHtml(found.headline)}${night.origin === 'recorded' ? ' <span class="why">recorded, not measured</span>' : ''}</td><td><code>${short(night.reference.commit)}</code></td><td><code>${short(night.candidate.commit)}</code></td><td>${result}</td></tr>`,
    ];
  });
  const caption = `${countOf(rows.length, 'night')}, newest first`;
  return `<div class="scroll" role="region" tabindex="0" aria-label="${caption}"><table class="broad"><caption><span>${caption}</span></caption>
<thead><tr>${['night', 'verdict', 'what came out', 'reference', 'candidate', 'result'].map((one) => `<th scope="col">${one}</th>`).join('')}</tr></thead>
<tbody>${rows.join('\n')}</tbody></table></div>`;
}
