/**
 * The end-of-test numbers, without `setup_data`: k6's own --summary-export would write the tokens of every session to disk.
 */
export function handleSummary(data: { metrics: unknown; state: unknown }): Record<string, string> {
  return { 'k6-summary.json': JSON.stringify({ metrics: data.metrics, state: data.state }) };
}
