// One process of many that share a store: told over IPC what to do, answers with what it saw.
import { createGovernor, type Governor } from '@flyball/core';
import { Redis } from 'ioredis';
import type { Store } from '@flyball/core/store';
import { createState, type State } from '../../core/src/state/state.ts';
import { createRedisStore } from '../src/index.ts';
import { eventOf, LADDER, LIMIT } from './subjects.ts';

const CHAT = {
  policy: 'chat',
  version: 1,
  deadline: '30s',
  detectors: [{ id: 'bomb', phrases: ['build a bomb'] }],
  rules: [{ id: 'no-bombs', on: 'input', detect: 'bomb', then: 'block', reason: 'P_BOMB' }],
} as const;

export type Task =
  | { readonly op: 'open'; readonly url: string; readonly prefix: string }
  /** Charges that many events at once, each sent twice. Answers how many were admitted. */
  | { readonly op: 'charge'; readonly run: string; readonly events: number; readonly allow: number }
  /** Strikes with these event ids at once. Answers how long the cooldown is, if one came about. */
  | { readonly op: 'strike'; readonly ids: readonly string[]; readonly threshold: number }
  /** Reserves that many amounts at once, of 1 to 9 each, under ids of `who`. Answers the sum of what was granted. */
  | {
      readonly op: 'reserve';
      readonly run: string;
      readonly who: number;
      readonly events: number;
      readonly allow: number;
    }
  /**
   * A turn of one conversation: all its messages, the last one new. Answers how many were withheld, or -1 where it was
   * stopped.
   */
  | { readonly op: 'turn'; readonly messages: readonly string[] }
  | { readonly op: 'close' };

let state: State | undefined;
let store: Store;
let governor: Promise<Governor> | undefined;

async function perform(task: Task): Promise<number> {
  switch (task.op) {
    case 'open': {
      // Nothing may time out here: what is measured is the count, not the speed.
      const patience = { deadlineMs: 30_000, backgroundTimeoutMs: 30_000 };
      const client = new Redis(task.url, { socketTimeout: 30_000 });
      store = createRedisStore({ client, prefix: task.prefix, ...patience });
      state = createState({ store, ...patience });
      for (let i = 0; i < 200 && !state.status().connected; i++) {
        await state.ready();
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      return state.status().connected ? 1 : 0;
    }
    case 'charge': {
      const limits = [{ ...LIMIT, id: task.run, allow: task.allow }];
      const admitted = await Promise.all(
        Array.from({ length: task.events }, async (_, i) => {
          const event = eventOf(`${task.run}.${process.pid}.${i}`);
          const twice = await Promise.all([1, 2].map(async () => state!.charge({ limits, event, shadow: false })));
          if (twice.some(({ errors }) => errors.length > 0))
            throw new Error(`errors: ${JSON.stringify([twice, state!.status()])}`);
          return twice.some(({ answers }) => answers[0]?.exceeded === false);
        }),
      );
      return admitted.filter(Boolean).length;
    }
    case 'strike': {
      const ladder = { ...LADDER, after: { strikes: task.threshold, withinMs: 60_000 } };
      const waits = await Promise.all(
        task.ids.map(async (id) => {
          const strikes = [{ ladder: ladder.id, points: 1, rules: [] }];
          const { answers, errors } = await state!.strike({
            strikes,
            ladders: { [ladder.id]: ladder },
            event: eventOf(id),
            shadow: false,
          });
          if (errors.length > 0) throw new Error(`errors: ${JSON.stringify(errors)}`);
          return answers[0]!.retryAfterMs;
        }),
      );
      return Math.max(...waits);
    }
    case 'reserve': {
      const { run, who, events, allow } = task;
      const granted = await Promise.all(
        Array.from({ length: events }, async (_, i) => {
          const amount = 1 + ((who + i * 7) % 9);
          const terms = { key: `acme/limit/${run}`, perMs: 600_000, window: 'sliding', allow, amount } as const;
          const id = `${who}.${i}`;
          const [answer] = await store.charge([{ ...terms, id, kind: 'reserve', attempt: `${process.pid}.${i}` }]);
          return answer!.exceeded ? 0 : amount;
        }),
      );
      return granted.reduce((sum, amount) => sum + amount, 0);
    }
    case 'turn': {
      governor ??= createGovernor({ policy: CHAT, store, hashKey: 'shared' });
      const open = await governor;
      const content = task.messages.map((text, at) => ({
        path: `messages[${at}]`,
        text,
        ...(at < task.messages.length - 1 && { history: true as const }),
      }));
      const subject = { tenant: 'acme', user: 'ada', session: 's1' };
      const decision = await open.decide(open.interaction(subject).event({ stage: 'input', content }));
      return decision.outcome === 'ALLOW' ? (decision.withheld?.length ?? 0) : -1;
    }
    case 'close':
      await state?.close();
      return 0;
  }
}

process.on('message', (task: Task) => {
  perform(task).then(
    (value) => process.send!({ value }),
    (error: unknown) => process.send!({ error: String(error) }),
  );
});
