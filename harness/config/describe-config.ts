import { methodOf } from '../../scenarios/request-template.ts';
import type { LoadedConfig } from './loaded-config.ts';
import type {
  CommandConfig,
  CompletionConfig,
  DatasetConfig,
  LoginConfig,
  RequestConfig,
  SqlText,
  VariantConfig,
} from './rushhour-config.ts';

/** What a config declares, in lines of plain text. Values of headers, bodies and environments are left out: they may be secrets. */
export function describeConfig({ file, config }: LoadedConfig): string[] {
  const { dispatch, endpoints = {}, scenarios = {}, week } = config;
  return [
    `${config.name}, as ${file} has it`,
    ...Object.entries(config.variants).map(
      ([name, variant]) =>
        `variant ${name}${variant.title === undefined ? '' : ` (${variant.title})`}: ${comesUp(variant)}`,
    ),
    `dataset: ${datasetText(config.dataset)}`,
    `login: ${loginText(config.login)}`,
    `dispatch: ${requestText(dispatch.request)} for ${rowsText(dispatch.offers, 'offer')}; complete ${completionText(dispatch.complete)}, judged by ${sqlText(dispatch.rows)}`,
    `outcome: ${sqlText(config.outcome.sql)}${also(config.outcome.answers?.length ?? 0, 'answer')}`,
    ...(Object.keys(endpoints).length > 0 ? [`endpoints: ${Object.keys(endpoints).join(', ')}`] : []),
    ...(Object.keys(scenarios).length > 0 ? [`scenarios: ${Object.keys(scenarios).join(', ')}`] : []),
    ...(week
      ? [
          `week: ${Object.entries(week)
            .filter(([step]) => step !== 'goals')
            .map(([step, name]) => `${step} ${name}`)
            .join(', ')}${also(Object.keys(week.goals ?? {}).length, 'goal')}`,
        ]
      : []),
  ];
}

function comesUp({ start, workers = [], url, database, source, migration }: VariantConfig): string {
  const parts = [
    start ? `starts \`${commandText(start)}\`` : `runs already at ${url}, in the database ${database}`,
    ...(source ? [`of ${source.ref} in ${source.repository ?? "the config's repository"}`] : []),
    ...(source?.build?.length ? [`built by ${count(source.build.length, 'command')}`] : []),
    ...(workers.length > 0 ? [`with ${count(workers.length, 'worker')}`] : []),
    ...(migration
      ? [`migrated by ${count(migration.up.length, 'step')}${migration.down ? '' : ', with no way back'}`]
      : []),
  ];
  return parts.join(', ');
}

function datasetText(dataset: DatasetConfig): string {
  const schema = dataset.schema ? `schema by ${count(dataset.schema.length, 'step')}, ` : '';
  if ('rows' in dataset && dataset.rows) {
    const tables = Object.entries(dataset.rows).map(([table, { from }]) => `${table} from ${from}`);
    return `${schema}our entities as rows: ${tables.join(', ')}`;
  }
  if ('seed' in dataset && dataset.seed) {
    const sizes = dataset.scales ? 'of any size' : 'of one size, so growth cannot be measured';
    return `${schema}seeded by ${count(dataset.seed.length, 'step')}, ${sizes}`;
  }
  return 'copyOf' in dataset ? `${schema}a copy of the database ${dataset.copyOf}` : schema;
}

function loginText(login: LoginConfig | undefined): string {
  switch (login?.kind) {
    case undefined:
      return 'none';
    case 'header':
      return `the headers ${Object.keys(login.headers).join(', ')}`;
    case 'token':
      return `a token by ${requestText(login.request)} for ${rowsText(login.accounts, 'account')}`;
    case 'cookie':
      return `cookies by ${requestText(login.request)} for ${rowsText(login.accounts, 'account')}`;
    case 'steps':
      return `steps of the config's own for ${rowsText(login.accounts, 'account')}`;
  }
}

function completionText(complete: CompletionConfig): string {
  switch (complete.by) {
    case 'response':
      return 'when it is answered';
    case 'poll':
      return `when ${requestText(complete.request)} says ${complete.state || 'its answer'} is ${complete.done.join(' or ')}`;
    case 'sql':
      return `when ${sqlText(complete.sql)} says so`;
    case 'rows':
      return 'when no booking is open any more';
  }
}

function requestText(request: RequestConfig): string {
  return `${methodOf(request)} ${request.path}`;
}

function rowsText(rows: readonly unknown[] | { readonly sql: SqlText }, what: string): string {
  return 'sql' in rows ? `the ${what}s of ${sqlText(rows.sql)}` : count(rows.length, what);
}

function sqlText(sql: SqlText): string {
  return typeof sql === 'string' ? 'a query' : sql.file;
}

function commandText({ command }: CommandConfig): string {
  return command.map((part) => (/[\s'"]/.test(part) || part === '' ? JSON.stringify(part) : part)).join(' ');
}

function also(number: number, what: string): string {
  return number === 0 ? '' : ` and ${count(number, what)}`;
}

function count(number: number, what: string): string {
  return `${number} ${what}${number === 1 ? '' : 's'}`;
}
