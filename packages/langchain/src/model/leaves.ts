// Chat models inside other runnables.
import { GovernanceBlockedError } from '@flyball/agent-kit';
import type { ChatModel } from './types.ts';

type Fields = { readonly [name: string]: unknown };

/** True for a chat model of any copy of LangChain. */
export function isChatModel(value: unknown): value is ChatModel & object {
  return typeof value === 'object' && value !== null && typeof (value as Fields)['_generate'] === 'function';
}

/**
 * Governs every chat model inside a runnable, on copies: bindings, retries, fallbacks, sequences. A retry does not ask
 * again because of a stop, and a fallback is not asked in place of a model that was stopped. Answers with the same
 * object where there is none inside.
 */
export function governLeaves<R>(runnable: R, govern: (model: ChatModel & object) => object): R {
  if (typeof runnable !== 'object' || runnable === null) return runnable;
  if (isChatModel(runnable)) return govern(runnable) as R;
  const fields = runnable as Fields;
  const each = (value: unknown): unknown => governLeaves(value, govern);
  const inside: { [name: string]: unknown } = {};
  for (const name of ['bound', 'runnable', 'first', 'last']) {
    const value = fields[name];
    const governed = each(value);
    if (governed !== value) inside[name] = governed;
  }
  for (const name of ['middle', 'fallbacks']) {
    const value = fields[name];
    if (!Array.isArray(value)) continue;
    const governed = value.map(each);
    if (governed.some((one, at) => one !== value[at])) inside[name] = governed;
  }
  if (Object.keys(inside).length === 0) return runnable;
  const copy = Object.assign(Object.create(Object.getPrototypeOf(runnable) as object) as object, runnable, inside);
  return heeding(heed(copy));
}

/** A retry does not ask again because of a stop, and a fallback is not asked in place of a model that was stopped. */
function heed<R extends object>(runnable: R): R {
  const { onFailedAttempt, fallbacks } = runnable as Fields;
  if (typeof onFailedAttempt === 'function')
    Object.assign(runnable, { onFailedAttempt: unlessBlocked(onFailedAttempt as Handler) });
  if (Array.isArray(fallbacks))
    Object.assign(runnable, { runnables: untilBlocked(runnable as unknown as WithFallbacks) });
  return runnable;
}

/** Ways of wrapping a runnable into one that asks again, or somebody else. */
const RETRYING: readonly string[] = ['withRetry', 'withFallbacks'];

/** The method as the runnable has it, whose answer heeds stops. */
export const heedingMethod =
  (runnable: object, method: Method): Method =>
  (...args) =>
    heed(method.apply(runnable, args));

/** What is made of a governed model (`bindTools`, `withStructuredOutput`) heeds stops as the model itself does. */
export function heeding<R extends object>(runnable: R): R {
  for (const name of RETRYING) {
    const method = (runnable as Fields)[name];
    if (typeof method !== 'function' || Object.hasOwn(runnable, name)) continue;
    const value = heedingMethod(runnable, method as Method);
    Object.defineProperty(runnable, name, { value, configurable: true, writable: true });
  }
  return runnable;
}

type Method = (...args: unknown[]) => object;

type Handler = (error: unknown, input: unknown) => unknown;

const unlessBlocked =
  (handler: Handler): Handler =>
  (error, input) => {
    const found = GovernanceBlockedError.find(error);
    if (found !== undefined) throw found;
    return handler(error, input);
  };

interface WithFallbacks {
  readonly runnable: object;
  readonly fallbacks: readonly object[];
}

const WAYS: ReadonlySet<unknown> = new Set(['invoke', 'stream', 'batch']);

/** Fallbacks are asked on any error. INVARIANT: whoever governance has stopped is the last that is asked. */
function untilBlocked({ runnable, fallbacks }: WithFallbacks): () => Iterable<object> {
  return function* runnables() {
    let blocked: GovernanceBlockedError | undefined;
    const watch = async (answer: unknown): Promise<unknown> => {
      try {
        return await answer;
      } catch (error) {
        blocked = GovernanceBlockedError.find(error);
        throw error;
      }
    };
    for (const one of [runnable, ...fallbacks]) {
      if (blocked !== undefined) throw blocked;
      yield new Proxy(one, {
        get(target, name) {
          const value: unknown = Reflect.get(target, name);
          if (!WAYS.has(name) || typeof value !== 'function') return value;
          return (...args: unknown[]) => watch((value as (...args: unknown[]) => unknown).apply(target, args));
        },
      });
    }
  };
}
