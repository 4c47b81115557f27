import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { PARCEL_API } from '../../test/support/foreign-service.ts';
import { findDispatch } from './api-dispatch.ts';
import { findLogin } from './api-login.ts';
import { findReads } from './api-reads.ts';
import { type ApiDescription, readOpenApi } from './openapi.ts';

const json = (schema: unknown) => ({ content: { 'application/json': { schema } } });
const read = (document: unknown): ApiDescription => {
  const api = readOpenApi(document);
  assert.ok(api);
  return api;
};

/** As rswag describes a Rails application with Devise: no operation ids, members below a name, a bare array. */
const RAILS = {
  openapi: '3.0.1',
  servers: [{ url: 'https://{host}/', variables: {} }],
  paths: {
    '/users': {
      post: { requestBody: json({ properties: { user: { properties: { email: {}, password: {} } } } }) },
    },
    '/users/sign_in': {
      post: {
        requestBody: json({ properties: { user: { properties: { email: {}, password: {} } } } }),
        responses: { 200: json({ properties: { data: { properties: { token: { type: 'string' } } } } }) },
      },
    },
    '/shipments': {
      get: {
        parameters: [{ name: 'per_page', in: 'query', schema: { type: 'integer' } }],
        responses: { 200: json({ type: 'array', items: { properties: { id: {} } } }) },
      },
    },
    '/shipments/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: {} }],
      get: { responses: { 200: json({ properties: { id: {} } }) } },
    },
    '/branches/{branch_id}/dispatch': {
      post: {
        parameters: [{ name: 'branch_id', in: 'path', required: true, schema: {} }],
        responses: { 201: { description: 'done' } },
      },
    },
  },
};

/** As springdoc describes a Spring service: a prefix, numbered operations, jobs that are polled elsewhere, a session cookie. */
const SPRING = {
  openapi: '3.0.1',
  servers: [{ url: 'http://localhost:8080/ops' }],
  paths: {
    '/login': {
      post: {
        operationId: 'login',
        requestBody: json({ $ref: '#/components/schemas/Login' }),
        responses: { 204: {} },
      },
    },
    '/optimisation': {
      post: {
        operationId: 'submit_1',
        responses: { 202: json({ allOf: [{ $ref: '#/components/schemas/Job' }] }) },
      },
    },
    '/jobs/{jobId}': {
      get: {
        operationId: 'findById_2',
        parameters: [{ name: 'jobId', in: 'path', required: true, schema: {} }],
        responses: { 200: { content: { '*/*': { schema: { $ref: '#/components/schemas/Job' } } } } },
      },
    },
  },
  components: {
    securitySchemes: { session: { type: 'apiKey', in: 'cookie', name: 'JSESSIONID' } },
    schemas: {
      Login: {
        required: ['username', 'password', 'realm'],
        properties: { username: {}, password: {}, realm: {} },
      },
      Job: {
        properties: {
          jobId: {},
          state: { enum: ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
          parent: { $ref: '#/components/schemas/Job' },
        },
      },
    },
  },
};

describe('an OpenAPI document', () => {
  test('of FastAPI: a form that logs in, a plan that is polled, a list and its items', () => {
    const api = read(PARCEL_API);
    assert.deepEqual(api.security, { kind: 'bearer' });
    assert.deepEqual(findLogin(api), {
      path: '/auth/token',
      sentAs: 'form',
      members: [
        { name: 'username', means: 'account' },
        { name: 'password', means: 'password' },
      ],
      token: 'access_token',
    });
    const dispatch = findDispatch(api);
    assert.deepEqual([dispatch?.path, dispatch?.status], ['/plans', 202]);
    assert.deepEqual(dispatch?.poll, {
      path: '/plans/{plan_id}',
      parameter: 'plan_id',
      id: 'plan_id',
      state: 'status',
      states: ['queued', 'running', 'done', 'failed'],
    });
    const [list, one] = findReads(api);
    assert.deepEqual(
      [list?.name, list?.page, list?.itemId],
      ['list_parcels', { parameter: 'limit', items: 'items' }, 'id'],
    );
    assert.deepEqual(
      [one?.name, one?.from],
      ['get_parcel', { parameter: 'parcel_id', list: 'list_parcels' }],
    );
  });

  test('of Rails: a login below a name, a bare array, a dispatch that answers when it is done', () => {
    const api = read(RAILS);
    const login = findLogin(api);
    assert.deepEqual([login?.path, login?.token], ['/users/sign_in', 'data.token']);
    assert.deepEqual(login?.members[0], { name: 'user.email', means: 'account' });
    const dispatch = findDispatch(api);
    assert.deepEqual(
      [dispatch?.path, dispatch?.status, dispatch?.poll],
      ['/branches/{branch_id}/dispatch', 201, null],
    );
    const [list, one] = findReads(api);
    assert.deepEqual([list?.name, list?.page], ['get_shipments', { parameter: 'per_page', items: '' }]);
    assert.deepEqual(one?.from, { parameter: 'id', list: 'get_shipments' });
  });

  test('of Spring: the path of its server, what else a login wants, a job that another path tells of', () => {
    const api = read(SPRING);
    assert.deepEqual(api.security, { kind: 'cookie', name: 'JSESSIONID' });
    const login = findLogin(api);
    assert.deepEqual(
      [login?.path, login?.token, login?.members.at(-1)],
      ['/ops/login', null, { name: 'realm', means: 'other' }],
    );
    const dispatch = findDispatch(api);
    assert.deepEqual(
      [dispatch?.path, dispatch?.poll?.path, dispatch?.poll?.id],
      ['/ops/optimisation', '/ops/jobs/{jobId}', 'jobId'],
    );
    assert.deepEqual(dispatch?.poll?.states, ['PENDING', 'RUNNING', 'SUCCEEDED', 'FAILED']);
  });

  test('whose requests are equally likely to dispatch leaves the choice to the person', () => {
    const post = { post: { responses: { 202: {} } } };
    assert.equal(findDispatch(read({ openapi: '3.0.0', paths: { '/plans': post, '/runs': post } })), null);
  });

  test('of another version, or no document at all, is not read; one that is broken gives what it holds', () => {
    for (const other of [null, [], 'text', { swagger: '2.0', paths: {} }])
      assert.equal(readOpenApi(other), null);
    const broken = {
      openapi: '3.1.0',
      paths: { '/a': null, '/b': { get: { parameters: 7, responses: { 200: 'x' } } } },
    };
    assert.deepEqual(
      read(broken).operations.map(({ path }) => path),
      ['/b'],
    );
  });
});
