import { type DispatchFacts, findDispatch, type PollFacts } from './api-dispatch.ts';
import type { ConfigFacts } from './config-facts.ts';
import {
  type ConfigEntry,
  type ConfigValue,
  jsonValue,
  list,
  object,
  plain,
  sql,
  TODO,
} from './config-tree.ts';
import { snakeName } from './name-words.ts';
import { driversSql, offersSql, outcomeSql, placeholderFor, rowsAreSure, rowsSql } from './offer-facts.ts';
import type { ApiSchema } from './openapi.ts';
import { labelsThatMean } from './state-labels.ts';

/** What is dispatched, how it is started, and how one knows that it is over. */
export function dispatchSection(facts: ConfigFacts): ConfigEntry {
  const api = facts.service?.api ?? null;
  const dispatch = api ? findDispatch(api) : null;
  const request = dispatch ? requestOf(dispatch, facts) : null;
  return {
    name: 'dispatch',
    value: object([
      offersEntry(facts, request?.columns ?? []),
      request?.entry ?? {
        name: 'request',
        value: jsonValue({ method: 'POST', path: '/TODO', body: {} }),
        todo: api
          ? 'the request that starts a dispatch: none of the API stands out'
          : 'the request that starts a dispatch, with columns of the offers as {placeholders}',
      },
      ...completion(dispatch, facts),
      rowsEntry(facts),
      driversEntry(facts),
    ]),
  };
}

function offersEntry({ offer }: ConfigFacts, columns: readonly string[]): ConfigEntry {
  const name = 'offers';
  if (!offer) {
    const example = Object.fromEntries(
      (columns.length > 0 ? columns : ['day']).map((column) => [column, 'TODO']),
    );
    return {
      name,
      value: list([jsonValue(example)]),
      todo: 'what there is to dispatch, a row each: a list, or { sql } on the seeded database',
    };
  }
  const value = object([{ name: 'sql', value: sql(offersSql(offer)) }]);
  const labels = offer.state.labels.length > 0 ? `, one of ${offer.state.labels.join(', ')}` : '';
  return offer.open !== null
    ? { name, value, found: `open: ${offer.state.name} = ${offer.open}` }
    : { name, value, todo: `which ${offer.state.name} means “to be dispatched”${labels}` };
}

interface RequestFacts {
  readonly entry: ConfigEntry;
  /** Values that it asks of an offer. */
  readonly columns: readonly string[];
}

function requestOf(dispatch: DispatchFacts, { offer }: ConfigFacts): RequestFacts {
  const open: string[] = [];
  const columns: string[] = [];
  const fill = (name: string, schema: ApiSchema): unknown => {
    // Without a database the offers are still to be written: they take the request's own names.
    const known = offer
      ? placeholderFor(name, schema, offer.columns)
      : isOffered(name, schema)
        ? `{${snakeName(name)}}`
        : null;
    if (known) columns.push(known.slice(1, -1));
    const value = known ?? schema.values[0] ?? schema.default ?? schema.example;
    if (value === undefined || value === null) open.push(name);
    return value ?? 'TODO';
  };
  const inQuery = dispatch.parameters.filter(({ place, required }) => place === 'query' && required);
  const query = inQuery.map(({ name, schema }) => `${name}=${fill(name, schema)}`);
  const path = dispatch.path.replace(/\{([^}]+)\}/g, (_, name: string) => {
    const schema = dispatch.parameters.find((one) => one.place === 'path' && one.name === name)?.schema;
    return String(schema ? fill(name, schema) : 'TODO');
  });
  const members = Object.entries(dispatch.body?.schema.members ?? {}).flatMap(([name, schema]) => {
    const wanted = dispatch.body?.schema.required.includes(name);
    const offered = offer ? placeholderFor(name, schema, offer.columns) !== null : isOffered(name, schema);
    return wanted || offered ? [[name, fill(name, schema)] as const] : [];
  });
  const request = {
    method: 'POST',
    path: query.length > 0 ? `${path}?${query.join('&')}` : path,
    ...(dispatch.body
      ? { [dispatch.body.sentAs === 'form' ? 'form' : 'body']: Object.fromEntries(members) }
      : {}),
  };
  return {
    columns,
    entry: {
      name: 'request',
      value: jsonValue(request),
      ...(open.length > 0
        ? { todo: `what it takes as ${open.join(', ')}` }
        : { found: `POST ${dispatch.path} (${dispatch.status})` }),
    },
  };
}

function isOffered(name: string, schema: ApiSchema): boolean {
  return schema.format === 'date' || /(^|_)(id|day|date)$/.test(snakeName(name));
}

function completion(dispatch: DispatchFacts | null, { offer }: ConfigFacts): ConfigEntry[] {
  if (dispatch?.poll?.state) {
    const { poll } = dispatch;
    const placeholder = snakeName(/^(id|uuid|pk)$/i.test(poll.parameter) ? 'run_id' : poll.parameter);
    return [
      { name: 'extract', value: jsonValue({ [placeholder]: poll.id }) },
      { name: 'complete', ...pollEntry(poll, placeholder) },
    ];
  }
  const complete = { name: 'complete' };
  if (dispatch && dispatch.status !== 202)
    return [
      { ...complete, value: jsonValue({ by: 'response' }), found: `it answers ${dispatch.status}, not 202` },
    ];
  const other = `'response', { by: 'poll', … }, or { by: 'sql', … }`;
  return [
    {
      ...complete,
      value: jsonValue({ by: 'rows' }),
      ...(dispatch && offer
        ? { found: 'by rows: it answers 202 and nothing that it names can be polled' }
        : {
            todo: `how one knows that a dispatch is over: by rows, when nothing is open any more, unless one of ${other} is better`,
          }),
    },
  ];
}

function pollEntry(poll: PollFacts, placeholder: string): Omit<ConfigEntry, 'name'> {
  const failed = labelsThatMean('failed', poll.states);
  const done = labelsThatMean('done', poll.states).filter((label) => !failed.includes(label));
  const path = poll.path.replace(/\{[^}]+\}/, `{${placeholder}}`);
  const value: ConfigValue = object([
    { name: 'by', value: plain('poll') },
    { name: 'request', value: jsonValue({ path }) },
    { name: 'state', value: plain(poll.state) },
    { name: 'done', value: done.length > 0 ? jsonValue(done) : list([TODO]) },
    failed.length > 0 ? { name: 'failed', value: jsonValue(failed) } : null,
  ]);
  if (done.length > 0) return { value, found: `GET ${poll.path}` };
  const said = poll.states.length > 0 ? `, of ${poll.states.join(', ')}` : '';
  return {
    value,
    todo: `which values of ${poll.state} mean that it is done, and which that it failed${said}`,
  };
}

function rowsEntry({ offer, roles }: ConfigFacts): ConfigEntry {
  const comments = [
    'One row: open, assigned and unassigned bookings of an offer. This, and no status, is success.',
  ];
  if (!offer)
    return {
      name: 'rows',
      comments,
      value: sql('SELECT count(*) AS open, 0 AS assigned\nFROM TODO'),
      todo: 'bookings of an offer that are open, assigned and, if there is such a state, unassigned; `:column` is one of the offer',
    };
  const sure = rowsAreSure(offer, roles);
  const labels = offer.state.labels.length > 0 ? `, one of ${offer.state.labels.join(', ')}` : '';
  return {
    name: 'rows',
    comments,
    value: sql(rowsSql(offer, roles)),
    ...(sure
      ? { found: 'open and assigned bookings' }
      : { todo: `the ${offer.state.name} for what is 'TODO'${labels}` }),
  };
}

/** Left out where they cannot be counted: it is of use, not needed. */
function driversEntry({ offer, roles }: ConfigFacts): ConfigEntry | null {
  const query = offer ? driversSql(offer, roles) : null;
  if (query === null) return null;
  return {
    name: 'drivers',
    comments: ['How many drivers an offer may be given to: what runs once for each of them is told as such.'],
    value: sql(query),
    found: 'drivers of an offer',
  };
}

/** What has to be equal between variants. */
export function outcomeSection({ offer, roles }: ConfigFacts): ConfigEntry {
  const query = offer ? outcomeSql(offer, roles) : null;
  return {
    name: 'outcome',
    comments: [
      'What a dispatch wrote, without generated ids and clock times: has to be equal between variants.',
    ],
    value: object([
      query === null
        ? {
            name: 'sql',
            value: sql('SELECT *\nFROM TODO'),
            todo: 'the rows that the dispatch of an offer wrote; `:column` is one of the offer',
          }
        : { name: 'sql', value: sql(query), found: 'what is written to bookings and assignments' },
      {
        name: 'answers',
        comments: ['Asked after each dispatch: the answers have to be equal too, but for these members.'],
        value: list([jsonValue({ path: '/TODO' })]),
        offered: true,
      },
      { name: 'ignore', value: jsonValue(['id', 'created_at']), offered: true },
    ]),
  };
}
