import type { IncomingMessage, ServerResponse } from 'node:http';

import type { Decision } from '@flyball/core/adapter';

import { answerDenied } from '../answer-denied.ts';
import type { CheckedOptions } from './options.ts';
import { PATCHED } from './patched.ts';
import type { RawResponse } from './raw-response.ts';

/** Answers a response that was stopped before anything left, in the application's words if it has some. */
export function answer(decision: Decision, req: IncomingMessage, raw: RawResponse, options: CheckedOptions): void {
  const { governor, onDenied: words } = options;
  // Called by `answerDenied`, as everything of an application's is.
  const onDenied: CheckedOptions['onDenied'] =
    words === undefined ? undefined : (denial, to, res) => Reflect.apply(words, options, [denial, to, res]);
  answerDenied({ governor, decision, req, res: withoutGate(raw), onDenied });
}

/**
 * The response without its gate, for the one who answers in its place.
 * INVARIANT: only this object reaches the wire; the response that the stopped handler holds stays shut.
 */
function withoutGate(raw: RawResponse): ServerResponse {
  return new Proxy(raw.res, {
    get(res, name, proxy) {
      if (typeof name === 'string' && PATCHED.includes(name)) {
        return (...args: unknown[]): unknown => {
          const result = raw.call(name, ...args);
          return result === res ? proxy : result;
        };
      }
      // `json`, `send` and the like find their way to the methods above through `this`.
      return raw.run((): unknown => Reflect.get(res, name, proxy));
    },
  });
}
