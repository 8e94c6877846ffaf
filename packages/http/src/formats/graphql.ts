import { isObject, notice, wire, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

const NEXT = new Shape({ apart: ['id', 'hasNext'] });

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
      const extensions = { code: 'FORBIDDEN', governance: notice(problem) };
      const payload = { errors: [{ message: problem.detail, extensions }] };
      if (!single) return [wire(payload, 'next'), { event: 'complete', data: '' }];
      return [...open].flatMap((id) => [wire({ id, payload }, 'next'), wire({ id }, 'complete')]);
    },
  };
}
