import assert from 'node:assert/strict';
import { test } from 'node:test';
import { chooseUser } from './unprivileged-user.ts';

test('nobody is preferred, whatever the order of the accounts', () => {
  const passwd =
    'root:x:0:0:root:/root:/bin/sh\ndaemon:x:1:1::/:/bin/false\nnobody:x:65534:65534::/:/bin/false\n';
  assert.deepEqual(chooseUser(passwd), { name: 'nobody', uid: 65534, gid: 65534 });
});

test('an account with the rights of root is not unprivileged', () => {
  assert.equal(chooseUser('root:x:0:0::/root:/bin/sh\nnobody:x:0:0::/:/bin/sh\n'), null);
});
