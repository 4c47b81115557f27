import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { type TestContext, test } from 'node:test';
import { acceptingAt, cookieEnvironment, familyOf, newCookie } from './process-family.ts';

const skip = process.platform === 'linux' ? false : 'told by /proc';

/** Starts a script as leader of a group; it prints pids, or a port, once everything of it is there. */
async function start(t: TestContext, script: string) {
  const cookie = newCookie();
  const child = spawn(process.execPath, ['-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...cookieEnvironment(cookie) },
  });
  const leader = { pid: child.pid ?? 0, cookie };
  t.after(() => {
    for (const pid of familyOf(leader)) process.kill(pid, 'SIGKILL');
  });
  const [line] = await once(createInterface(child.stdout), 'line');
  return { child, leader, told: String(line).split(' ').map(Number) };
}

const STAY = "'setInterval(() => {}, 1e6)'";

test('a child, one that left the group, and one whose parent has ended belong to the family', {
  skip,
}, async (t) => {
  // The last one is started by a process in between, which ends at once: init adopts it.
  const { child, leader, told } = await start(
    t,
    `const { spawn, spawnSync } = require('node:child_process');
     const own = spawn(process.execPath, ['-e', ${STAY}]);
     const apart = spawn(process.execPath, ['-e', ${STAY}], { detached: true });
     const between = "const c = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'],"
       + "{ detached: true, stdio: 'ignore' }); console.log(c.pid); process.exit()";
     const { stdout } = spawnSync(process.execPath, ['-e', between], { encoding: 'utf8' });
     console.log(own.pid, apart.pid, Number(stdout));`,
  );
  const all = [leader.pid, ...told].sort((a, b) => a - b);
  assert.equal(new Set(all).size, 4);
  assert.deepEqual(familyOf(leader), all);

  child.kill('SIGKILL');
  await once(child, 'exit');
  assert.deepEqual(
    familyOf(leader),
    [...told].sort((a, b) => a - b),
  );
});

test('another program of the same parent is none of the family', { skip }, async (t) => {
  const first = await start(t, 'console.log(0); setInterval(() => {}, 1e6)');
  const second = await start(t, 'console.log(0); setInterval(() => {}, 1e6)');
  assert.deepEqual(familyOf(first.leader), [first.leader.pid]);
  assert.deepEqual(familyOf(second.leader), [second.leader.pid]);
});

test('who accepts connections is told by the socket, and a parent that only holds it for its child is left out', {
  skip,
}, async (t) => {
  const listening = `require('node:net').createServer().listen({ fd: 3 }, () => console.log(process.pid))`;
  const { leader, told } = await start(
    t,
    `const net = require('node:net');
     const server = net.createServer();
     server.listen(0, '127.0.0.1', () => {
       const { port } = server.address();
       const child = require('node:child_process').spawn(process.execPath, ['-e', ${JSON.stringify(listening)}],
         { stdio: ['ignore', 'pipe', 'inherit', server._handle] });
       child.stdout.once('data', () => console.log(port, child.pid));
     });`,
  );
  const [port = 0, accepting] = told;
  const pids = familyOf(leader);
  assert.equal(pids.length, 2);
  assert.deepEqual(
    acceptingAt(port, pids).map(({ pid }) => pid),
    [accepting],
  );
  assert.deepEqual(
    acceptingAt(port, [leader.pid]).map(({ pid }) => pid),
    [leader.pid],
  );
  assert.deepEqual(acceptingAt(1, pids), []);
});
