/** What makes two results comparable, by the beginning of the refusal; each once. Pure. */
export function refusalRemedies(refusals: readonly string[]): string[] {
  const found = REMEDIES.filter(([begins]) => refusals.some((refusal) => begins.test(refusal)));
  return [...found.map(([, remedy]) => remedy), SIDE_BY_SIDE];
}

const SIDE_BY_SIDE =
  'Or measure both again side by side: `rushhour experiment SCENARIO --variants A,B` gives both the same rows, server and dispatches.';

const REMEDIES: readonly (readonly [RegExp, string])[] = [
  [
    /^the run of .* is (interrupted|failed)/,
    'Measure what broke off again: only complete runs are compared.',
  ],
  [/^something else used the database/, 'Measure again while nobody else works in that database.'],
  [/^the target differs/, 'Choose two results of one target: another service does other work.'],
  [
    /^no dispatch of /,
    'Choose results that counted dispatches alone, as `rushhour run` and the counting part of an experiment do.',
  ],
  [/^the dataset differs/, 'Choose two results of one dataset, or seed both alike: same size, same seed.'],
  [
    /^the (number of dispatches|list of what was dispatched)/,
    'Choose two results that dispatched the same company-days: other days are other work.',
  ],
  [
    /^the (major version of PostgreSQL|PostgreSQL configuration)/,
    'Measure both on one PostgreSQL: same major version, same settings.',
  ],
  [
    /^(the assignments|the bookings|the answer of|what .* answered)/,
    'Look at the service first: the two did not write or answer the same, and a faster wrong answer is a failure.',
  ],
];
