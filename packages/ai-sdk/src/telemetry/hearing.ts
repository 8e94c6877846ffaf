import { notify } from '@flyball/core/adapter';
import type { Telemetry } from 'ai';
import { copyOf, isKnown, learn, withKnownInputs, type Known } from './inputs.ts';

/** What integrations of telemetry hear of a run: its prompts as the model gets them. */
export interface Hearing {
  /** Stands in for an integration. */
  heardBy(integration: Telemetry): Telemetry;
  /**
   * Asks the model, whose prompt was decided on: what waited for that is told, and integrations run the call in their
   * context.
   */
  ask<T>(prompt: Asked, execute: () => PromiseLike<T>): PromiseLike<T>;
  /** The SDK has ended a call. */
  forget(callId: string | undefined): void;
}

export interface Asked {
  readonly before: unknown;
  readonly after: unknown;
  /** False where no rule reads prompts, or none can stop or edit one: events are told as they are. */
  readonly governed: boolean;
}

type Event = { readonly callId?: string; readonly messages?: unknown } & object;
type Hook = (event: Event) => unknown;
type Around = (execute: () => Promise<void>) => unknown;

/** One call of `generateText` and its like. */
interface Heard {
  readonly known: Known;
  governed: boolean;
  /** Told when the prompt was decided on. */
  waiting: { readonly event: Event; readonly hook: Hook }[];
  around: Around[];
}

/** Events that the SDK sends with a prompt before the model, and with it the governor, has seen that. */
const AHEAD: ReadonlySet<string> = new Set(['onStart', 'onStepStart', 'onObjectStepStart', 'onLanguageModelCallStart']);

/** Calls at once that are remembered. Of one that was forgotten, integrations hear without its inputs. */
const MAX_CALLS = 256;

/**
 * `enforces`: false while no decision can stop or edit anything; integrations are then called as without governance.
 */
export function createHearing(enforces: () => boolean): Hearing {
  const calls = new Map<string, Heard>();

  const heardIn = ({ callId = '' }: Event): Heard => {
    let heard = calls.get(callId);
    if (heard === undefined) {
      calls.set(callId, (heard = { known: new Map(), governed: true, waiting: [], around: [] }));
      if (calls.size > MAX_CALLS) calls.delete(calls.keys().next().value!);
    }
    return heard;
  };

  const told = (hook: Hook, name: string): Hook => {
    return (event) => {
      if (typeof event !== 'object' || event === null || !enforces()) return hook(event);
      const heard = heardIn(event);
      if (AHEAD.has(name)) {
        heard.waiting.push({ event: Object.assign(copyOf(event), { timestamp: Date.now() }), hook });
        return undefined;
      }
      // What still waits belongs to a prompt that the model was not given.
      tellWaiting(heard);
      return hook(heard.governed ? withKnownInputs(event, heard.known) : event);
    };
  };

  return {
    heardBy(integration) {
      const stand: Record<string, unknown> = {};
      for (const name of hooksOf(integration)) {
        const hook = (integration as Readonly<Record<string, Hook>>)[name]!.bind(integration);
        if (name !== 'executeLanguageModelCall') stand[name] = told(hook, name);
        else
          stand[name] = (options: Event & { readonly execute: () => unknown }) => {
            if (!enforces()) return hook(options);
            const heard = heardIn(options);
            heard.around.push((execute) => hook({ ...inputsOf(options, heard), execute } as Event));
            return options.execute();
          };
      }
      return stand;
    },
    ask(prompt, execute) {
      const open = [...calls.values()].filter(({ waiting, around }) => waiting.length > 0 || around.length > 0);
      const fresh: Known = new Map();
      if (open.length > 0) learn(fresh, prompt.before, prompt.after);
      const heard = open.length > 1 ? (open.find((one) => fits(one, fresh)) ?? open[0]) : open[0];
      if (heard === undefined) return execute();
      heard.governed = prompt.governed;
      learn(heard.known, prompt.before, prompt.after);
      const { around } = heard;
      tellWaiting(heard);
      return within(around, execute);
    },
    forget(callId) {
      if (callId !== undefined) calls.delete(callId);
    },
  };
}

const inputsOf = <EVENT extends object>(event: EVENT, { governed, known }: Heard): EVENT =>
  governed ? withKnownInputs(event, known) : event;

function tellWaiting(heard: Heard): void {
  const { waiting } = heard;
  heard.waiting = [];
  heard.around = [];
  for (const { event, hook } of waiting) notify([hook], [inputsOf(event, heard)]);
}

/** Several calls of one run at once: this prompt is that of the call whose last message it has. */
function fits({ waiting }: Heard, fresh: Known): boolean {
  const messages = waiting.at(-1)?.event.messages;
  return Array.isArray(messages) && isKnown(messages.at(-1), fresh);
}

/**
 * Asks the model inside of what integrations put around it. They are not shown its answer, which is yet to be governed,
 * and neither keep it from the caller nor fail the call.
 */
function within<T>(around: readonly Around[], execute: () => PromiseLike<T>): PromiseLike<T> {
  if (around.length === 0) return execute();
  return new Promise<T>((resolve, reject) => {
    let asked: Promise<void> | undefined;
    const failed = (error: Error): never => {
      reject(error);
      throw new Error('The call of the model failed.');
    };
    const asking = async (): Promise<T> => execute();
    const ask = (): Promise<void> => asking().then(resolve, failed);
    let run = (): Promise<void> => (asked ??= ask());
    for (const one of around) {
      const inner = run;
      run = async () => void (await one(inner));
    }
    const askAnyway = (): Promise<void> => (asked ??= ask());
    run()
      .then(askAnyway, askAnyway)
      .catch(() => undefined);
  });
}

/** Names of what an integration hears by, those that later versions of the SDK add included. */
function hooksOf(integration: object): ReadonlySet<string> {
  const names = new Set<string>();
  for (
    let at: object | null = integration;
    at !== null && at !== Object.prototype;
    at = Object.getPrototypeOf(at) as object | null
  )
    for (const name of Object.getOwnPropertyNames(at))
      if (HOOK.test(name) && typeof (integration as Readonly<Record<string, unknown>>)[name] === 'function')
        names.add(name);
  return names;
}

const HOOK = /^(?:experimental_)?(?:on|execute)[A-Z]/;
