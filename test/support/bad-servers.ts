/** Servers, databases and programs that cannot be used. */
import { EXIT } from '../../harness/errors.ts';
import type { BadInput } from './bad-input.ts';

export const BAD_SERVERS: readonly BadInput[] = [
  {
    what: 'a server that is no URL',
    args: ['seed', '--server', 'localhost'],
    message: '--server: expected a URL like postgres://user@host:5432/postgres, got a text without a scheme.',
    hint: 'In a password write @ as %40, : as %3A and / as %2F, or leave it out and set PGPASSWORD.',
  },
  {
    what: 'a URL that cannot be read for its password',
    args: ['seed', '--server', 'postgres://me:hunter2/x@127.0.0.1/x'],
    message: '--server: expected a URL like postgres://user@host:5432/postgres, got one that cannot be read.',
    hint: 'In a password write @ as %40, : as %3A and / as %2F, or leave it out and set PGPASSWORD.',
  },
  {
    what: 'a server of another kind',
    args: ['profile', '--server', 'mysql://me:hunter2@127.0.0.1/x'],
    message: '--server: expected a postgres:// URL, got mysql://.',
    hint: 'Give the URL of a PostgreSQL server, or leave --server out for an embedded one.',
  },
  {
    what: 'a server that is not there',
    args: ['seed', '--server', 'postgres://me:hunter2@127.0.0.1:9/x'],
    exit: EXIT.failure,
    message: 'The server postgres://me@127.0.0.1:9/x cannot be used: connect ECONNREFUSED 127.0.0.1:9.',
    hint: 'Is it running at that address and port? Leave --server out for an embedded server.',
  },
  {
    what: 'a wrong password',
    args: ['seed', '--server', 'postgres://rushhour:hunter2@{server}/postgres'],
    exit: EXIT.failure,
    message:
      'The server postgres://rushhour@{server}/postgres cannot be used: password authentication failed for user "rushhour".',
    hint: 'Check the role and its password: in the URL, in PGPASSWORD or in ~/.pgpass.',
  },
  {
    what: 'consent to a server that is none',
    args: ['seed', '--allow-server', 'db.example.com'],
    message: '--allow-server: expected --server beside it, got none.',
    hint: "The embedded server is the tool's own and needs no consent.",
  },
  {
    what: 'consent to another server',
    args: [
      ...['seed', '--allow-server', 'db.example.com'],
      ...['--server', 'postgres://rushhour:{password}@{server}/postgres'],
    ],
    message: "--allow-server: expected the host of --server, 127.0.0.1, got 'db.example.com'.",
    hint: 'It consents to one server by its name.',
  },
  {
    what: 'a role that is not there',
    args: ['advise', '--server', 'postgres://nobody:hunter2@{server}/postgres'],
    exit: EXIT.failure,
    message:
      'The server postgres://nobody@{server}/postgres cannot be used: password authentication failed for user "nobody".',
    hint: 'Check the role and its password: in the URL, in PGPASSWORD or in ~/.pgpass.',
  },
  {
    what: 'a database that is not on the server',
    args: [
      'run',
      'smoke',
      '--generator',
      'autocannon',
      '--server',
      'postgres://rushhour:{password}@{server}/nowhere',
    ],
    exit: EXIT.failure,
    message:
      'The server postgres://rushhour@{server}/nowhere cannot be used: database "nowhere" does not exist.',
    hint: 'The URL names the database to connect to, such as postgres; those of rushhour are made beside it.',
  },
  {
    what: 'a database to migrate that is not there',
    args: [
      'migrate',
      'up',
      '--database',
      'nowhere',
      '--server',
      'postgres://rushhour:{password}@{server}/postgres',
    ],
    message: '--database: the server has no database "nowhere"; asked was {server}.',
    hint: '`serve` prints the name of the database it works in.',
  },
  {
    what: 'a database of somebody else',
    args: [
      'backup',
      '--database',
      'postgres',
      '--server',
      'postgres://rushhour:{password}@{server}/postgres',
    ],
    exit: EXIT.refused,
    message:
      'Database "postgres" on {server} does not carry rushhour\'s marker: it is neither backed up nor replaced. Expected a marker inside that names this very database, got none.',
    hint: 'rushhour backs up and restores only databases it has created itself. For others there is pg_dump.',
  },
  {
    what: 'a backup that is not there',
    args: [
      'restore',
      'nothing',
      '--database',
      'x',
      '--server',
      'postgres://rushhour:{password}@{server}/postgres',
    ],
    message: 'There is no backup "nothing".',
    hint: '`rushhour backup --database NAME` makes a first one; --results DIR and --server URL look elsewhere.',
  },
  {
    what: 'a K6_PATH that is no k6',
    args: ['run', 'smoke'],
    env: { K6_PATH: '/nonexistent/k6' },
    exit: EXIT.failure,
    message: 'K6_PATH names a k6 that cannot be used: /nonexistent/k6 does not exist.',
    hint: 'Correct K6_PATH, or unset it to use the k6 on PATH or the one `rushhour doctor --fix` installs.',
  },
];
