import { describe, expect, it } from 'vitest';

import { denialFor } from '../problem.ts';
import { refusalFor } from './refusals.ts';
import type { RequestHints } from './request.ts';

const denial = (outcome: string, reason: string, more: object = {}) =>
  denialFor({ outcome, reason, auditId: 'aud_1', interactionId: 'int_1', ruleId: 'secret-rule', ...more } as never);
const BLOCK = denial('BLOCK', 'P_X');
const WAIT = denial('COOLDOWN', 'COOLDOWN_ACTIVE', { retryAfterMs: 5000 });
const BROKEN = denial('BLOCK', 'FAILED_CLOSED');

const ask = (path: string, more: Partial<RequestHints> = {}): RequestHints => ({
  path,
  headers: {},
  body: undefined,
  ...more,
});

describe('a refusal before the first byte', () => {
  it.each([
    [
      'OpenAI',
      ask('/v1/chat/completions'),
      403,
      { error: { type: 'invalid_request_error', param: null, code: 'content_filter' } },
    ],
    ['OpenAI responses', ask('/v1/responses'), 403, { error: { code: 'content_filter' } }],
    [
      'Anthropic',
      ask('/x', { headers: { 'anthropic-version': '1' } }),
      403,
      { type: 'error', error: { type: 'permission_error' }, request_id: 'aud_1' },
    ],
    [
      'Gemini',
      ask('/v1beta/models/g:streamGenerateContent'),
      403,
      { error: { code: 403, status: 'PERMISSION_DENIED' } },
    ],
    ['Bedrock', ask('/model/m/converse-stream'), 403, { message: expect.any(String) }],
    ['Cohere', ask('/v2/chat'), 403, { id: 'aud_1', message: expect.any(String) }],
    ['Ollama', ask('/api/chat', { body: { model: 'm', messages: [] } }), 403, { error: expect.any(String) }],
    ['TGI', ask('/generate_stream', { body: { inputs: 'x' } }), 403, { error_type: 'validation' }],
    [
      'tRPC',
      ask('/x', { headers: { 'trpc-accept': 'application/jsonl' } }),
      403,
      { error: { code: -32003, data: { code: 'FORBIDDEN', httpStatus: 403 } } },
    ],
    [
      'MCP',
      ask('/mcp', { body: { jsonrpc: '2.0', id: 3, method: 'tools/call' } }),
      200,
      { jsonrpc: '2.0', id: 3, error: { code: -32000 } },
    ],
    [
      'A2A',
      ask('/', { body: { jsonrpc: '2.0', id: 3, method: 'message/stream' } }),
      403,
      { jsonrpc: '2.0', id: 3, error: { code: -32000 } },
    ],
    [
      'GraphQL',
      ask('/graphql', { body: { query: '{ order }' } }),
      403,
      { errors: [{ message: expect.any(String), extensions: { code: 'FORBIDDEN', governance: { reason: 'P_X' } } }] },
    ],
    ['AI SDK UI at the same path as Ollama', ask('/api/chat', { body: { messages: [] } }), 403, { reason: 'P_X' }],
    ['anything else', ask('/search'), 403, { reason: 'P_X', type: 'urn:flyball:problem:blocked' }],
  ])('has the shape of the protocol, and says who refused: %s', (_, request, status, body) => {
    const refusal = refusalFor(BLOCK, request);
    expect([refusal.status, refusal.body]).toMatchObject([status, body]);
    expect(JSON.stringify(refusal.body)).toContain('"auditId":"aud_1"');
    expect(JSON.stringify(refusal.body)).not.toContain('secret-rule');
  });

  it('is that of its protocol, byte for byte', () => {
    const { detail, type, title } = BLOCK.problem;
    const notice = `{"type":"${type}","title":"${title}","detail":"${detail}","reason":"P_X","auditId":"aud_1","interactionId":"int_1"}`;
    const openai = `{"error":{"message":"${detail}","type":"invalid_request_error","param":null,"code":"content_filter"},"governance":${notice}}`;
    const call = `{"jsonrpc":"2.0","id":3,"error":{"code":-32000,"message":"${detail}","data":${notice}}}`;
    const problem = JSON.stringify(BLOCK.problem);
    const BYTES: readonly (readonly [name: string, request: RequestHints, status: number, bytes: string])[] = [
      ['OpenAI chat', ask('/v1/chat/completions'), 403, openai],
      ['Mistral, at the same path', ask('/v1/chat/completions', { body: { safe_prompt: true } }), 403, openai],
      ['OpenAI responses', ask('/v1/responses'), 403, openai],
      [
        'Anthropic',
        ask('/v1/messages'),
        403,
        `{"type":"error","error":{"type":"permission_error","message":"${detail}"},"request_id":"aud_1","governance":${notice}}`,
      ],
      [
        'Gemini',
        ask('/v1beta/models/g:generateContent'),
        403,
        `{"error":{"code":403,"message":"${detail}","status":"PERMISSION_DENIED","details":[${notice}]}}`,
      ],
      ['Cohere', ask('/v2/chat'), 403, `{"id":"aud_1","message":"${detail}","governance":${notice}}`],
      ['Bedrock', ask('/model/m/converse-stream'), 403, `{"message":"${detail}","governance":${notice}}`],
      [
        'TGI',
        ask('/generate_stream', { body: { inputs: 'x' } }),
        403,
        `{"error":"${detail}","error_type":"validation","governance":${notice}}`,
      ],
      ['Ollama', ask('/api/chat', { body: { model: 'm' } }), 403, `{"error":"${detail}","governance":${notice}}`],
      ['MCP', ask('/mcp', { body: { jsonrpc: '2.0', id: 3, method: 'tools/call' } }), 200, call],
      [
        'MCP of 2026',
        ask('/mcp', { headers: { 'mcp-method': 'tools/call' }, body: { jsonrpc: '2.0', id: 3, method: 'tools/call' } }),
        200,
        call,
      ],
      ['A2A', ask('/', { body: { jsonrpc: '2.0', id: 3, method: 'message/stream' } }), 403, call],
      [
        'tRPC, calls and subscriptions',
        ask('/trpc/chat'),
        403,
        `{"error":{"message":"${detail}","code":-32003,"data":{"code":"FORBIDDEN","httpStatus":403},"governance":${notice}}}`,
      ],
      [
        'GraphQL, of every transport',
        ask('/graphql', { body: { query: '{ a }' } }),
        403,
        `{"errors":[{"message":"${detail}","extensions":{"code":"FORBIDDEN","governance":${notice}}}]}`,
      ],
      // Their clients read the status, or hand out the body as it is.
      ...['/chat/stream', '/runs/stream', '/threads/t/runs/stream', '/api/chat', '/agent'].map(
        (path) => [`${path}: LangServe, LangGraph, AI SDK, AG-UI`, ask(path), 403, problem] as const,
      ),
    ];
    for (const [name, request, status, bytes] of BYTES) {
      const refusal = refusalFor(BLOCK, request);
      expect([name, refusal.status, JSON.stringify(refusal.body)]).toEqual([name, status, bytes]);
    }
    expect(refusalFor(BLOCK, ask('/model/m/converse')).headers).toEqual({
      'x-amzn-errortype': 'AccessDeniedException',
    });
  });

  it('a batch of calls gets an error each', () => {
    const call = (id: number) => ({ jsonrpc: '2.0', id, method: 'tools/call' });
    expect(refusalFor(BLOCK, ask('/mcp', { body: [call(1), call(2)] })).body).toMatchObject([{ id: 1 }, { id: 2 }]);
  });

  it('waiting and what could not be evaluated have words of their own', () => {
    const openai = ask('/v1/chat/completions');
    expect(refusalFor(WAIT, openai)).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '5' },
      body: { error: { code: 'rate_limit_exceeded' } },
    });
    expect(refusalFor(BROKEN, openai)).toMatchObject({ status: 503, headers: { 'x-should-retry': 'false' } });
    expect(refusalFor(BROKEN, ask('/model/m/converse')).headers).toMatchObject({
      'x-amzn-errortype': 'ServiceUnavailableException',
    });
    // Clients of these servers ask again at once, and without end.
    expect(refusalFor(BROKEN, ask('/generate', { body: { inputs: 'x' } })).status).toBe(500);
  });

  it('GraphQL: clients that know a type of its own are answered with that', () => {
    const accept = 'application/graphql-response+json, application/json;q=0.9';
    const request = ask('/any', { headers: { accept }, body: { query: '{ order }' } });
    expect(refusalFor(BLOCK, request).type).toBe('application/graphql-response+json');
    expect(refusalFor(BLOCK, { ...request, headers: {} }).type).toBe('application/json');
    const [error] = (refusalFor(WAIT, request).body as { errors: { extensions: { code: string } }[] }).errors;
    expect(error!.extensions.code).toBe('TOO_MANY_REQUESTS');
  });

  it('GraphQL: over plain JSON, a query of `GET`, one that is named by its hash, and a list of them', () => {
    const errors = { errors: [{ extensions: { governance: { reason: 'P_X' } } }] };
    const byHash = { extensions: { persistedQuery: { version: 1 } }, variables: {} };
    expect(refusalFor(BLOCK, ask('/graphql')).body).toMatchObject(errors);
    expect(refusalFor(BLOCK, ask('/api/graphql', { body: byHash })).body).toMatchObject(errors);
    const list = refusalFor(BLOCK, ask('/any', { body: [{ query: '{ a }' }, { query: 'mutation { b }' }] }));
    expect(list.body).toMatchObject([errors, errors]);
    const page = ask('/graphql', { headers: { accept: 'text/html,application/xhtml+xml' } });
    expect(refusalFor(BLOCK, page).body).toMatchObject({ reason: 'P_X', status: 403 });
  });

  it('E3: what an application sends of a denial holds nothing of the rule', () => {
    expect(JSON.stringify(BLOCK)).toBe(JSON.stringify(BLOCK.problem));
    expect(JSON.stringify({ ...BLOCK })).not.toContain('secret-rule');
  });
});
