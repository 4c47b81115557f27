import type { NightRecord } from '../night-record.ts';
import { NIGHT_LOOK } from '../report/verdict-words.ts';
import { visible } from './announced-text.ts';
import { decisiveScenario, decisiveTiming, nightChange } from './night-timing.ts';

/** What shields.io asks of an endpoint (https://shields.io/badges/endpoint-badge). */
export interface Badge {
  readonly schemaVersion: 1;
  readonly label: string;
  readonly message: string;
  /** Six hex digits. */
  readonly color: string;
  /** Nothing may recolour it. */
  readonly isError: boolean;
}

/** "target nightly: regressed +9.8 %". A change is named only where it is proven. */
export function nightBadge(night: NightRecord): Badge {
  const { word, light } = NIGHT_LOOK[night.verdict];
  const scenario = decisiveScenario(night);
  const timing = scenario && decisiveTiming(scenario);
  const proven = timing?.verdict === night.verdict && PROVEN.has(night.verdict);
  return {
    schemaVersion: 1,
    label: `${visible(night.target).replace(/\s+/g, ' ').slice(0, 40)} nightly`.trim(),
    message: timing && proven ? `${word} ${nightChange(timing)}` : word,
    color: light.slice(1),
    isError: night.verdict === 'regressed' || night.verdict === 'failed',
  };
}

const PROVEN: ReadonlySet<string> = new Set(['regressed', 'slower', 'faster', 'improved']);
