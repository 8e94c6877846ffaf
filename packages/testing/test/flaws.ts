import {
  createGovernor,
  type Decision,
  type EventInit,
  type GovernedEvent,
  type Governor,
  type Interaction,
  type OutputGate,
  type Stage,
} from '@flyball/core';
import { isDenied, requireGovernor, type AdapterGovernor } from '@flyball/core/adapter';
import type { AdapterHarness, Answer, AppSetup, Ask, Step } from '../src/index.ts';
import { SUPPORT_POLICY } from '../src/scripts.ts';
import { straight } from './straight-adapter.ts';

// Adapters with one flaw each: the straight one, between a governor and a consumer that are not told the truth.

export interface Flaw {
  readonly setup?: (setup: AppSetup) => AppSetup;
  readonly governor?: (governor: Governor) => Governor | Promise<Governor>;
  readonly ask?: (request: Ask, governor: Governor) => Ask;
  readonly answer?: (answer: Answer, request: Ask, setup: AppSetup) => Answer;
}

export function flawed({
  setup: change = (same) => same,
  governor: wrap = (same) => same,
  ask = (same) => same,
  answer = (same) => same,
}: Flaw): AdapterHarness {
  return {
    async open(governor, setup) {
      const app = await straight.open(await wrap(governor), change(setup));
      return {
        ask: async (request) => answer(await app.ask(ask(request, governor)), request, setup),
        close: async () => app.close(),
      };
    },
  };
}

type Changes<T> = { readonly [K in keyof T]?: T[K] };
export const like = <T extends object>(original: T, changes: Changes<T>): T =>
  new Proxy(original, {
    get: (target, name) => {
      if (Object.hasOwn(changes, name)) return changes[name as keyof T];
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** Reads decisions its own way. */
export const reading = (read: (decision: Decision, event: GovernedEvent) => Partial<Decision>): Flaw => ({
  governor: (governor) =>
    like<AdapterGovernor>(requireGovernor(governor, 'a flaw'), {
      decideNow: async (event) => {
        const decision = await governor.decide(event);
        return { ...decision, ...read(decision, event) };
      },
      openGate: async <T>(event: GovernedEvent): Promise<OutputGate<T>> => {
        const gate = await governor.openGate<T>(event);
        const end = async (): ReturnType<OutputGate<T>['end']> => {
          const { pieces, decision } = await gate.end();
          return { pieces, decision: { ...decision, ...read(decision, event) } };
        };
        const stopped = (): Decision | undefined => {
          const terminal = gate.terminal && { ...gate.terminal, ...read(gate.terminal, event) };
          return terminal !== undefined && isDenied(terminal) ? terminal : undefined;
        };
        return like(gate, {
          end,
          get terminal() {
            return stopped();
          },
        });
      },
    }),
});

/** Does not ask about events of the stage. */
export const blindTo = (stage: Stage): Flaw => ({
  governor: (governor) =>
    like<AdapterGovernor>(requireGovernor(governor, 'a flaw'), {
      decideNow: async (event) =>
        event.stage === stage ? ({ ...PASS, interactionId: event.interactionId } as Decision) : governor.decide(event),
      ...(stage === 'output' && { openGate: async <T>() => openly<T>() }),
    }),
});

const PASS: Partial<Decision> = { outcome: 'ALLOW', reason: 'NO_RULE_OBJECTED', edits: [], auditId: 'aud_none' };

/** A gate that lets everything pass. */
function openly<T>(): OutputGate<T> {
  return {
    mode: 'off',
    state: 'open',
    write: (channel, block, text) => [{ kind: 'text', channel, block, text, from: 0, to: text.length, edited: false }],
    attach: (value) => [{ kind: 'attachment', value }],
    endBlock: () => [],
    openLeaf: ({ path, channel = 'text' }) => ({
      path,
      channel,
      done: true,
      write: () => [],
      end: () => [],
      lapse: () => [],
    }),
    endThread: () => [],
    end: async () => ({ pieces: [], decision: PASS as Decision }),
    abort: async () => PASS as Decision,
    waiting: undefined,
    take: () => [],
    terminal: undefined,
    stopped: new AbortController().signal,
    openBlocks: () => [],
  };
}

/** Changes the gate of a stream. */
export const gating = (change: <T>(gate: OutputGate<T>, governor: Governor) => Changes<OutputGate<T>>): Flaw => ({
  governor: (governor) =>
    like(governor, {
      openGate: async <T>(event: GovernedEvent): Promise<OutputGate<T>> => {
        const gate = await governor.openGate<T>(event);
        return like(gate, change(gate, governor));
      },
    }),
});

/** Changes how interactions begin. */
export const beginning = (begin: (governor: Governor) => Governor['interaction']): Flaw => ({
  governor: (governor) => like(governor, { interaction: begin(governor) }),
});

/** Changes the events that the interaction makes. */
export const eventsAs = (change: (init: EventInit) => EventInit): Flaw =>
  beginning((governor) => (subject, options): Interaction => {
    const interaction = governor.interaction(subject, options);
    return like(interaction, { event: (init) => interaction.event(change(init)) });
  });

/** Never says that a request is over. */
export const unending: Flaw = beginning((governor) => (subject, options): Interaction => {
  return like(governor.interaction(subject, options), { end: async () => {} });
});

/** Begins again for each prompt. */
export const forgetful: Flaw = beginning((governor) => (subject, options): Interaction => {
  let current = governor.interaction(subject, options);
  return like(current, {
    event: (init) => {
      if (init.stage === 'input') current = governor.interaction(subject, options);
      return current.event(init);
    },
  });
});

/** Decides by a governor of its own, which nobody reads the records of. */
export const apart: Flaw = { governor: async () => createGovernor({ policy: SUPPORT_POLICY }) };

/** Says something else than what was. */
export const telling = (change: (answer: Answer, request: Ask, setup: AppSetup) => Partial<Answer>): Flaw => ({
  answer: (answer, request, setup) => ({ ...answer, ...change(answer, request, setup) }),
});

/** Does something between the steps of the source. */
export const between = (run: (governor: Governor, request: Ask) => Promise<void>): Flaw => ({
  ask: (request, governor) => {
    const step: Step = { kind: 'meanwhile', run: async () => run(governor, request) };
    return { ...request, turns: request.turns.map((turn) => turn.flatMap((one) => [step, one])) };
  },
});
