import type { Amendment, Look, Looked } from '../store/store.ts';
import type { Answer } from '../outside/call.ts';
import { mapMaybe, type MaybePromise } from '../outside/maybe-promise.ts';
import { tenantPart } from '../store/keys.ts';
import type { Link } from './link.ts';
import type { NearCache } from './near-cache.ts';
import { storeErrorOf, type StoreCalls } from './store-calls.ts';

/**
 * What operators see and do of single subjects. Rejects with a `StoreError` when the store does not answer in time;
 * then nothing is changed.
 */
export interface SubjectControls {
  /** State keys of the cooldowns that run, re-read from the store, with the milliseconds left. */
  cooling(): Promise<readonly { readonly key: string; readonly retryAfterMs: number }[]>;
  /** What is kept under keys, whatever their tenants, in the same order. */
  look(asked: readonly Look[]): Promise<readonly Looked[]>;
  /** Answers what is kept after it. It holds here at once, and in every process when it hears of it. */
  amend(amendment: Amendment): Promise<Looked>;
}

interface SubjectParts {
  readonly calls: StoreCalls;
  readonly near: NearCache;
  readonly link: Link;
  readonly backgroundTimeoutMs: number;
}

export function createSubjectControls({ calls, near, link, backgroundTimeoutMs }: SubjectParts): SubjectControls {
  async function answered<T>(asked: MaybePromise<Answer<T>>): Promise<T> {
    return mapMaybe(asked, (answer) => {
      if (!answer.ok) throw storeErrorOf(answer, backgroundTimeoutMs);
      return answer.value;
    });
  }

  return {
    async cooling() {
      const failed = await link.refresh();
      if (failed !== undefined) throw storeErrorOf(failed, backgroundTimeoutMs);
      return near.cooling();
    },

    async look(asked) {
      // The keys of one call belong to one tenant.
      const tenants = Map.groupBy(asked.keys(), (i) => tenantPart(asked[i]!.key));
      const found: Looked[] = [];
      for (const places of tenants.values()) {
        const answers = await answered(
          calls.look(
            places.map((i) => asked[i]!),
            backgroundTimeoutMs,
          ),
        );
        for (const [n, i] of places.entries()) found[i] = answers[n]!;
      }
      return found;
    },

    async amend(amendment) {
      const looked = await answered(calls.amend(amendment, backgroundTimeoutMs));
      // The push may still be on its way, and whoever awaited the call must find it in force.
      await link.refresh();
      return looked;
    },
  };
}
