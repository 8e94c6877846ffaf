import type { Problem } from '../problem.ts';
import { PART } from '../framing/multipart.ts';
import { isObject, notice, wire, type EventData, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const NEXT = new Shape({ apart: ['id', 'hasNext'] });

/** What GraphQL clients read of a stop. */
export function graphqlErrors(problem: Problem): readonly EventData[] {
  const code = CODES[problem.status] ?? 'FORBIDDEN';
  return [{ message: problem.detail, extensions: { code, governance: notice(problem) } }];
}

const CODES: { readonly [status: number]: string } = {
  429: 'TOO_MANY_REQUESTS',
  503: 'SERVICE_UNAVAILABLE',
};

/** GraphQL over server-sent events: one operation in a stream, or several under ids of their own. */
export function graphqlSse(): StreamFormat {
  /** Operations that have begun, where the connection carries several. */
  const open = new Set<string>();
  let single = false;
  return {
    read({ name, data }) {
      if (name === 'complete') return { shape: NEXT };
      if (name !== 'next' || !isObject(data)) return undefined;
      const known = ['data', 'errors', 'incremental', 'payload', 'hasNext'].some((member) => member in data);
      return known ? { shape: NEXT } : undefined;
    },
    left({ name, data }) {
      if (!isObject(data) || typeof data['id'] !== 'string') return;
      single = true;
      if (name === 'complete') open.delete(data['id']);
      else open.add(data['id']);
    },
    ending(problem) {
      const payload = { errors: graphqlErrors(problem) };
      if (!single) return [wire(payload, 'next'), { event: 'complete', data: '' }];
      return [...open].flatMap((id) => [wire({ id, payload }, 'next'), wire({ id }, 'complete')]);
    },
  };
}

const INCREMENTAL = new Shape({
  apart: ['hasNext', 'pending[*].id', 'pending[*].label', 'completed[*].id', 'incremental[*].id'],
});

/**
 * What GraphQL servers send in parts: results that come later (`@defer`, `@stream`), and subscriptions as Apollo's
 * routers send them.
 */
export function graphqlMultipart(): StreamFormat {
  let isSubscription = false;
  return {
    read: ({ name, data }) =>
      name === PART && isObject(data) ? { shape: INCREMENTAL, ping: isEmpty(data) } : undefined,
    left({ data }) {
      if (isObject(data) && 'payload' in data) isSubscription = true;
    },
    ending(problem) {
      const errors = graphqlErrors(problem);
      return [wire(isSubscription ? { payload: null, errors } : { hasNext: false, incremental: [], errors })];
    },
  };
}

/** Keeps the connection open, and says nothing. */
function isEmpty(data: EventData): boolean {
  for (const _ in data) return false;
  return true;
}
