/** Answers 429: requests that the service refused because there were too many. Pure. */
import type { LoadReport } from '../result.ts';

/** Share of 429 up to which the other answers still say how fast the service is, 0–1. */
export const RATE_LIMITED_RATIO = 0.01;

export function countRateLimited({ endpoints }: Pick<LoadReport, 'endpoints'>): number {
  return endpoints.reduce((sum, { rateLimited = 0 }) => sum + rateLimited, 0);
}

/** 0–1; 0 where nothing was asked. */
export function rateLimitedRatio(report: Pick<LoadReport, 'endpoints' | 'requests'>): number {
  return report.requests === 0 ? 0 : countRateLimited(report) / report.requests;
}

export function rateLimitWarnings(report: Pick<LoadReport, 'endpoints' | 'requests'>): string[] {
  const count = countRateLimited(report);
  if (count === 0) return [];
  return [
    `${count} of ${report.requests} requests were answered 429 (too many requests); they are in no latency. Set service.requestsPerSecond to what the service takes, and plan less, or raise its limit`,
  ];
}
