/** Why a result that holds no runs cannot be compared, and what shows what it found. */
export function withoutRuns(
  id: string,
  kind: 'profile' | 'advice' | 'week' | 'unknown',
): { readonly message: string; readonly hint: string } {
  return {
    message: `${id} cannot be compared: expected a run or an experiment, got ${words(kind)}.`,
    hint: '`rushhour experiment` compares two variants; `rushhour report` shows what a profile, an advice or a week found.',
  };
}

function words(kind: Parameters<typeof withoutRuns>[1]): string {
  if (kind === 'unknown') return 'one that cannot be read';
  return `${kind === 'advice' ? 'an' : 'a'} ${kind}`;
}
