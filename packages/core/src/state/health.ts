import { FlyballError } from '../errors.ts';
import { storeErrorOf, type Failed } from './store-calls.ts';

/** What went wrong with the store, for a person who looks at `status()`. */
export interface Health {
  failed(failed: Failed, deadlineMs: number): void;
  status(): {
    readonly timeouts: number;
    readonly lastError?: { readonly code: string; readonly message: string; readonly at: number };
  };
}

export function createHealth(): Health {
  let timeouts = 0;
  let lastError: ReturnType<Health['status']>['lastError'];
  return {
    failed(failed, deadlineMs) {
      if (failed.failure.code === 'TIMEOUT') timeouts++;
      const { cause } = failed;
      // A store whose errors are those of another copy of this package still says what is wrong.
      const { code, message } = FlyballError.isInstance(cause) ? cause : storeErrorOf(failed, deadlineMs);
      lastError = Object.freeze({ code, message, at: Date.now() });
    },
    status: () => ({ timeouts, ...(lastError === undefined ? {} : { lastError }) }),
  };
}
