import { gotText, mismatch, type Place, type Problem } from './config-problem.ts';
import type { VariantConfig } from './rushhour-config.ts';
import { namesToChoose } from './similar-name.ts';
import type { Partly, SoundPart } from './sound-part.ts';

type Variant = Partly<VariantConfig>;

/** What the members of variants, and of the week, say of each other. */
export function variantProblems(config: SoundPart): Problem[] {
  if (config.variants === undefined) return [];
  const variants = Object.entries(config.variants).flatMap(([name, variant]) =>
    variant === undefined ? [] : [{ name, variant }],
  );
  if (Object.keys(config.variants).length === 0)
    return [mismatch(['variants'], 'at least one variant', 'an empty object')];
  return [
    ...variants.flatMap(({ name, variant }) => problemsOfOne(['variants', name], variant)),
    ...sharedProblems('url', variants, ({ url }) => (url === undefined ? undefined : originOf(url))),
    ...sharedProblems('database', variants, ({ url, database }) =>
      url === undefined ? undefined : database,
    ),
    ...weekProblems(config, Object.keys(config.variants)),
  ];
}

function problemsOfOne(place: Place, variant: Variant): Problem[] {
  const { start, url, database } = variant;
  if (start !== undefined && url !== undefined) return [mismatch(place, 'one of start and url', 'both')];
  if (start !== undefined)
    return database === undefined
      ? []
      : [
          aloneProblem(
            [...place, 'database'],
            'belongs to a running service (`url`); one that is started is told its own',
          ),
        ];
  if (url === undefined) return [mismatch(place, 'one of start and url', neither(variant))];
  return [
    ...urlProblems([...place, 'url'], url),
    ...databaseProblems(place, database),
    ...runningProblems(place, variant),
  ];
}

/** What only a service that is started can have. */
function runningProblems(place: Place, { workers, source }: Variant): Problem[] {
  const problems: Problem[] = [];
  if (workers !== undefined)
    problems.push(
      aloneProblem(
        [...place, 'workers'],
        'belongs to a service that is started; those of a running one run beside it',
      ),
    );
  if (source !== undefined)
    problems.push(
      aloneProblem(
        [...place, 'source'],
        'belongs to a service that is started, not to a running one (`url`)',
      ),
    );
  return problems;
}

function aloneProblem(place: Place, text: string): Problem {
  return { place, text };
}

function neither(variant: Variant): string {
  const unset = ['start', 'url'].find((name) => name in variant);
  return unset === undefined
    ? 'neither'
    : `neither: ${unset} is undefined (an environment variable that is not set?)`;
}

function urlProblems(place: Place, url: string): Problem[] {
  const expected = "the origin of a service, such as 'http://127.0.0.1:8000'";
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) return [mismatch(place, expected, gotText(url))];
  if (parsed.username !== '' || parsed.password !== '')
    return [mismatch(place, `${expected}, without user and password (they belong into login)`, gotText(url))];
  return parsed.pathname === '/' && parsed.search === '' && parsed.hash === ''
    ? []
    : [mismatch(place, `${expected}, with paths in the requests`, gotText(url))];
}

function originOf(url: string): string {
  return URL.canParse(url) ? new URL(url).origin : url;
}

function databaseProblems(variant: Place, database: string | undefined): Problem[] {
  const place = [...variant, 'database'];
  if (database === undefined)
    return [
      mismatch(
        place,
        "the name of the database that the running service is connected to, 'rushhour_…'",
        'nothing',
      ),
    ];
  // It is replaced before each measurement, so its name has to say whose it is; PostgreSQL cuts names at 63 bytes.
  return /^rushhour_[a-z0-9_]{1,54}$/.test(database)
    ? []
    : [
        mismatch(
          place,
          "a name that begins with 'rushhour_', of small letters, digits and '_', at most 63 (it is replaced before each measurement)",
          gotText(database),
        ),
      ];
}

/** Two variants with the same url or database would be one and the same service, or take the database from each other. */
function sharedProblems(
  member: 'url' | 'database',
  variants: readonly { readonly name: string; readonly variant: Variant }[],
  read: (variant: Variant) => string | undefined,
): Problem[] {
  const owners = new Map<string, string>();
  return variants.flatMap(({ name, variant }) => {
    const value = read(variant);
    if (value === undefined) return [];
    const owner = owners.get(value);
    owners.set(value, owner ?? name);
    return owner === undefined
      ? []
      : [mismatch(['variants', name, member], `a ${member} of its own`, `that of variant '${owner}'`)];
  });
}

function weekProblems({ week }: SoundPart, variants: readonly string[]): Problem[] {
  if (week === undefined) return [];
  const problems: Problem[] = [];
  const steps = Object.entries(week).filter((step): step is [string, string] => typeof step[1] === 'string');
  for (const [position, [step, name]] of steps.entries()) {
    const place = ['week', step];
    const same = steps.slice(0, position).find(([, other]) => other === name)?.[0];
    if (!variants.includes(name))
      problems.push(mismatch(place, 'the name of a variant', `'${name}'${namesToChoose(name, variants)}`));
    else if (same !== undefined)
      problems.push(mismatch(place, 'a variant of its own', `that of week.${same}, '${name}'`));
  }
  return problems;
}
