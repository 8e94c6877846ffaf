import type { Denial, Problem } from '../problem.ts';
import { isGraphql } from '../prompts/payloads.ts';
import { isObject, notice, str, type EventData } from './format.ts';
import { graphqlErrors } from './graphql.ts';
import { callError } from './json-rpc.ts';
import { callIds, type RequestHints } from './request.ts';
import { trpcError } from './trpc.ts';

/** A refusal as it is sent: status, headers and a body of JSON. */
export interface Refusal {
  readonly status: number;
  readonly headers: { readonly [name: string]: string };
  readonly type: string;
  readonly body: unknown;
}

/** How one protocol says that a request was refused before anything of its answer left. */
interface RefusalShape {
  is(request: RequestHints): boolean;
  body(problem: Problem, request: RequestHints): unknown;
  status?(problem: Problem): number;
  headers?(problem: Problem): { readonly [name: string]: string };
  /** Default `application/json`. */
  type?(request: RequestHints): string;
}

/** The word of each protocol for a block, for waiting, and for what could not be evaluated. */
const words =
  (blocked: string, wait: string, broken: string) =>
  ({ status }: Problem): string =>
    status === 429 ? wait : status === 503 ? broken : blocked;

const openaiCode = words('content_filter', 'rate_limit_exceeded', 'service_unavailable');
const openaiType = words('invalid_request_error', 'requests', 'server_error');
const anthropicType = words('permission_error', 'rate_limit_error', 'api_error');
const geminiStatus = words('PERMISSION_DENIED', 'RESOURCE_EXHAUSTED', 'UNAVAILABLE');
const awsType = words('AccessDeniedException', 'ThrottlingException', 'ServiceUnavailableException');

/** Clients that know it do not ask again: a policy that cannot be evaluated is not the matter of a moment. */
const noRetry = ({ status }: Problem): { readonly [name: string]: string } =>
  status === 503 ? { 'x-should-retry': 'false' } : {};

const SHAPES: readonly RefusalShape[] = [
  {
    // Clients of MCP read no error but that of the call, and that only with status 200.
    is: (request) => callIds(request).length > 0 && (isMcp(request) || !isA2a(request)),
    status: () => 200,
    body: (problem, request) => callErrors(problem, request),
  },
  { is: (request) => callIds(request).length > 0, body: (problem, request) => callErrors(problem, request) },
  {
    is: ({ headers, path }) => headers['trpc-accept'] !== undefined || /\/trpc\/[\w.,]+$/.test(path),
    body: (problem) => ({ error: { ...trpcError(problem), governance: notice(problem) } }),
  },
  {
    is: ({ headers, path }) => headers['anthropic-version'] !== undefined || path.endsWith('/v1/messages'),
    headers: noRetry,
    body: (problem) => ({
      type: 'error',
      error: { type: anthropicType(problem), message: problem.detail },
      request_id: problem.auditId,
      governance: notice(problem),
    }),
  },
  {
    is: ({ path }) => /\/(?:chat\/completions|v1\/(?:completions|responses))$/.test(path),
    headers: noRetry,
    body: (problem) => ({
      error: { message: problem.detail, type: openaiType(problem), param: null, code: openaiCode(problem) },
      governance: notice(problem),
    }),
  },
  {
    is: ({ path }) => /:(?:stream)?generateContent$/i.test(path),
    body: (problem) => ({
      error: {
        code: problem.status,
        message: problem.detail,
        status: geminiStatus(problem),
        details: [notice(problem)],
      },
    }),
  },
  {
    is: ({ path }) => /\/model\/[^/]+\/(?:converse|invoke)/.test(path),
    headers: (problem) => ({ 'x-amzn-errortype': awsType(problem) }),
    body: (problem) => ({ message: problem.detail, governance: notice(problem) }),
  },
  {
    is: ({ body, headers, path }) =>
      operations(body).some((one) => isObject(one) && isGraphql(one)) ||
      takes(headers, GRAPHQL_RESPONSE) ||
      // A query of `GET` and one that is named by its hash; people who open the page in a browser are none.
      (path.endsWith('/graphql') && !takes(headers, 'text/html')),
    // Where a client knows this type, it reads the body whatever the status is.
    type: ({ headers }) => (takes(headers, GRAPHQL_RESPONSE) ? GRAPHQL_RESPONSE : 'application/json'),
    body: (problem, { body }) => {
      const refused = { errors: graphqlErrors(problem) };
      return Array.isArray(body) ? body.map(() => refused) : refused;
    },
  },
  {
    is: ({ path }) => path.endsWith('/v2/chat'),
    body: (problem) => ({ id: problem.auditId, message: problem.detail, governance: notice(problem) }),
  },
  {
    is: ({ path, body }) => /\/api\/(?:chat|generate)$/.test(path) && has(body, 'model', 'string'),
    body: (problem) => ({ error: problem.detail, governance: notice(problem) }),
  },
  {
    is: ({ path, body }) => /\/generate(?:_stream)?$/.test(path) && has(body, 'inputs', 'string'),
    // Clients of these servers ask again at once, and without end, after 503.
    status: ({ status }) => (status === 503 ? 500 : status),
    body: (problem) => ({ error: problem.detail, error_type: 'validation', governance: notice(problem) }),
  },
];

/** A denial in the words of the protocol that the request speaks, or as problem details (RFC 9457). */
export function refusalFor({ status, headers, problem }: Denial, request: RequestHints): Refusal {
  const shape = SHAPES.find(({ is }) => is(request));
  if (shape === undefined) return { status, headers, type: 'application/problem+json', body: problem };
  return {
    status: shape.status?.(problem) ?? status,
    headers: { ...headers, ...shape.headers?.(problem) },
    type: shape.type?.(request) ?? 'application/json',
    body: shape.body(problem, request),
  };
}

function callErrors(problem: Problem, request: RequestHints): EventData | readonly EventData[] {
  const errors = callIds(request).map((id) => callError(id, problem));
  return Array.isArray(request.body) ? errors : errors[0]!;
}

const GRAPHQL_RESPONSE = 'application/graphql-response+json';

/** Several operations may come in one list. */
const operations = (body: unknown): readonly unknown[] => (Array.isArray(body) ? body : [body]);

const takes = ({ accept }: RequestHints['headers'], type: string): boolean => String(accept).includes(type);

const A2A = /^(?:message|tasks|agent)\/|^[A-Z][A-Za-z]+$/;

function isMcp({ headers }: RequestHints): boolean {
  return headers['mcp-protocol-version'] !== undefined || headers['mcp-method'] !== undefined;
}

function isA2a({ body }: RequestHints): boolean {
  const calls: readonly unknown[] = Array.isArray(body) ? body : [body];
  return calls.some((call) => isObject(call) && A2A.test(str(call['method'])));
}

function has(body: unknown, name: string, type: 'string'): boolean {
  return isObject(body) && typeof body[name] === type;
}
