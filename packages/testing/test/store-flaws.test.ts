import { isDeepStrictEqual } from 'node:util';
import { createMemoryStore, type Store } from '@flyball/core/store';
import { describe, expect, it } from 'vitest';
import { describeStore } from '../src/store-suite.ts';

// A case that cannot fail proves nothing. Each flaw here is one that a store could have, and fails the case that is
// about it.

type Flaw = (store: Store, clock: () => number) => Partial<Store>;

const FLAWS: { readonly [flaw: string]: readonly [flaw: Flaw, found: string] } = {
  'admits one more than the limit': [
    (store) => ({ charge: (charges) => store.charge(charges.map((one) => ({ ...one, allow: one.allow + 1 }))) }),
    'S1: of many charges at once, from several handles, exactly the limit is admitted',
  ],
  'charges a repeated id again': [
    (store) => {
      let calls = 0;
      return { charge: (charges) => store.charge(charges.map((one) => ({ ...one, id: `${one.id} ${calls++}` }))) };
    },
    'a charge repeated with its id is admitted again and takes nothing',
  ],
  'charges one limit though another is used up': [
    (store) => ({
      charge: async (charges) => (await Promise.all(charges.map(async (one) => store.charge([one])))).flat(),
    }),
    'of several limits all are charged or none',
  ],
  'never gives a place back': [
    () => ({ release: () => undefined }),
    'a hold is kept until it is released, and a lost holder until it expires',
  ],
  'counts a strike once per call': [
    (store) => {
      let calls = 0;
      return {
        strike: (strikes) =>
          store.strike(
            strikes.map((one) => ({ ...one, id: `${calls++}`, offences: [{ key: `${calls++}`, points: 1 }] })),
          ),
      };
    },
    'S2: 300 strikes at once, each sent twice from two handles, count 300',
  ],
  'sets some of many controls': [
    (store) => ({ setAll: (controls, forMs) => store.setAll(controls.slice(0, 100), forMs) }),
    'many controls are set at once: each has its place in the sequence, and listeners hear of each',
  ],
  'sets many controls again': [
    (store) => {
      let calls = 0;
      return {
        setAll: (controls, forMs) =>
          store.setAll(
            controls.map((one) => ({ ...one, id: `${one.id} ${calls++}` })),
            forMs,
          ),
      };
    },
    'of many controls those that were set by the same request before are answered, and not set again',
  ],
  'answers only the labels that were added': [
    () => ({ labels: ({ add }) => [...add].sort() }),
    'names are added once each, and all of them are answered, sorted',
  ],
  'forgets labels by the time of the first': [
    (store, clock) => {
      let until = 0;
      return {
        labels: (request) => {
          until ||= clock() + request.rememberMs;
          return store.labels({ ...request, rememberMs: Math.max(1, until - clock()) });
        },
      };
    },
    'all are remembered for a while after something was last added, not after they were last read',
  ],
  'keeps any number of labels': [
    () => {
      const names = new Set<string>();
      return { labels: ({ add }) => [...add.reduce((all, name) => all.add(name), names)].sort() };
    },
    'more than 256 are refused whole, and what was there stays',
  ],
  'loses what two add at once': [
    () => {
      let names: readonly string[] = [];
      return {
        async labels({ add }) {
          const before = names;
          await Promise.resolve();
          return (names = [...new Set([...before, ...add])].sort());
        },
      };
    },
    'of many additions at once, from several handles, none is lost',
  ],
  'lifts whatever stands': [
    (store) => ({
      control: (request) => {
        if (request.op !== 'lift') return store.control(request);
        const { only: _, ...any } = request;
        return store.control(any);
      },
    }),
    'a lift of one control leaves another that has taken its place',
  ],
  'takes what it is asked to look at': [
    (store) => ({
      look: async (asked) => {
        for (const one of asked) {
          if (one.of === 'limit' && one.kind === 'count') {
            const { key, allow, perMs, window } = one;
            await store.charge([{ key, allow, perMs, window, kind: 'count', id: crypto.randomUUID() }]);
          }
        }
        return store.look(asked);
      },
    }),
    'what is left of a limit is shown, by charges and by looks alike, and looking takes nothing',
  ],
  'forgets the level with the cooldown': [
    (store) => ({
      amend: (amendment) => store.amend(amendment.op === 'lift' ? { ...amendment, op: 'forgive' } : amendment),
    }),
    'a lifted cooldown has ended, and the level stays',
  ],
  'lets a cooldown that is put on shorten another': [
    (store) => ({
      amend: async (amendment) => {
        if (amendment.op === 'put_on') await store.amend({ ...amendment, op: 'lift' });
        return store.amend(amendment);
      },
    }),
    'a cooldown that is put on holds for as long as it says, is no strike, and shortens none',
  ],
  'resets nothing': [
    (store) => ({
      amend: async (amendment) =>
        amendment.op === 'reset' ? (await store.look([{ of: 'limit', ...amendment }]))[0]! : store.amend(amendment),
    }),
    'a limit that is reset has all its room again, whatever it counts, and its ids are new',
  ],
  'tells nobody of a lift who was away': [
    (store) => ({
      sync: async (...args) => {
        const answer = await store.sync(...args);
        return { ...answer, cooldowns: answer.cooldowns.filter(({ retryAfterMs }) => retryAfterMs > 0) };
      },
    }),
    'every process hears of it, by a push and by the re-read, however late',
  ],
  'never forgets a process': [
    (store) => {
      const seen = new Set<string>();
      return {
        sync: (since, process) => {
          if (process !== undefined) seen.add(process);
          return store.sync(since, process);
        },
        processes: () => [...seen].map((process) => ({ process, epoch: 0, agoMs: 0 })),
      };
    },
    'processes say that they are here and what they know, and are forgotten when they leave or fall silent',
  ],
  'sends all controls for one': [
    (store) => ({
      sync: async (since, process) => {
        const { changes: _, ...answer } = await store.sync(since, process);
        return { ...answer, controls: (await store.sync()).controls ?? [] };
      },
    }),
    'of many controls a cursor is answered with those that changed, lifts included',
  ],
  'walks through everything that was reported': [
    (store) => {
      const all: { readonly id: string; readonly amount: number }[] = [];
      return {
        report: (amounts) => (all.push(...amounts), store.report(amounts)),
        charge: (charges) => {
          all.toSorted((a, b) => a.id.localeCompare(b.id));
          return store.charge(charges);
        },
      };
    },
    'S1: thousands of reports make no refusal dearer, and all of them count',
  ],
  'remembers whom it refused': [
    (store) => {
      const refused = new Set<string>();
      return {
        charge: async (charges) =>
          (await store.charge(charges)).map((answer, i) => {
            const { id } = charges[i]!;
            if (answer.exceeded) refused.add(id);
            return { ...answer, fresh: answer.fresh && !refused.has(id) };
          }),
      };
    },
    'S1: refusals leave nothing: whoever is refused hundreds of times waits no longer, and each id is new',
  ],
  'walks through every control with each change': [
    (store) => ({
      control: async (request) => {
        const { controls } = await store.sync();
        // As dear as it has to be to show beside the work of a busy machine.
        for (let i = 0; i < 60; i++) controls?.toSorted((a, b) => a.id.localeCompare(b.id));
        return store.control(request);
      },
    }),
    'S5: thousands of controls and cooldowns make no halt dearer, nor what is read after it',
  ],
  'walks through every strike of a subject': [
    (store) => {
      const all = new Map<string, string[]>();
      return {
        strike: (strikes) => {
          for (const { key, id } of strikes) {
            const of = all.get(key) ?? [];
            all.set(key, of);
            of.push(id);
            for (let i = 0; i < 20; i++) of.toSorted((a, b) => a.localeCompare(b));
          }
          return store.strike(strikes);
        },
      };
    },
    'S2: hundreds of strikes make none dearer, and cool nobody but who made them',
  ],
  'refuses what it has admitted when it is asked again': [
    (store) => ({
      charge: async (charges) =>
        (await store.charge(charges)).map((answer) =>
          answer.remaining === 0 && !answer.fresh ? { ...answer, exceeded: true, retryAfterMs: 1 } : answer,
        ),
    }),
    'S1: charges of which nobody heard are admitted when they are sent again, though nothing is left by then',
  ],
  'tells everyone who asks at once that he was first': [
    (store) => {
      const fresh = new Set<string>();
      return {
        charge: async (charges) => {
          const answers = await store.charge(charges);
          return answers.map((answer, i) => {
            if (answer.fresh) fresh.add(charges[i]!.id);
            return { ...answer, fresh: fresh.has(charges[i]!.id) };
          });
        },
      };
    },
    'S1: sent again while the first is still under way, a charge is taken once',
  ],
  'gives back what another try took': [
    (store) => ({
      report: (amounts) =>
        store.report(amounts.map((one) => (one.attempt === undefined ? one : { ...one, attempt: 'one' }))),
    }),
    'a reservation of which nobody heard is settled or given back as if somebody had',
  ],
  'remembers ids for good': [
    (store) => ({
      strike: (strikes) => store.strike(strikes.map((one) => ({ ...one, rememberMs: 1e12 }))),
    }),
    'what has ended is as if it had never been, and its ids are new',
  ],
  'forgets ids before their time': [
    (store) => ({ strike: (strikes) => store.strike(strikes.map((one) => ({ ...one, rememberMs: 1 }))) }),
    'nothing goes before its time, whatever ends beside it',
  ],
  'keeps what is used again from its first use on': [
    (store, clock) => {
      const first = new Map<string, number>();
      return {
        labels: (request) => {
          if (request.add.length === 0) return store.labels(request);
          const until = first.get(request.key) ?? clock() + request.rememberMs;
          first.set(request.key, until);
          return store.labels({ ...request, rememberMs: Math.max(1, until - clock()) });
        },
      };
    },
    'what is used again is kept again, from its last use on',
  ],
  'takes ids for one that are written in two ways': [
    (store) => ({
      charge: (charges) => store.charge(charges.map((one) => ({ ...one, id: one.id.normalize('NFC') }))),
    }),
    'ids of any text stay apart, whatever they are ids of',
  ],
  'keeps one line of what it is told': [
    (store) => ({
      strike: (strikes) => store.strike(strikes.map((one) => ({ ...one, cause: one.cause?.split('\n')[0] ?? '' }))),
    }),
    'causes, reasons, names and scopes of any text come back as they are',
  ],
  'pushes nothing': [
    () => ({ subscribe: () => () => undefined }),
    'changes are pushed to every handle, in order, without a gap',
  ],
  'lets a listener break a change': [
    (store) => {
      const listeners = new Set<(push: never) => void>();
      store.subscribe((push) => {
        for (const one of listeners) one(push as never);
      });
      return {
        subscribe: (listener) => (listeners.add(listener), () => void listeners.delete(listener)),
      };
    },
    'a listener that throws keeps no change from being made, and no other listener from being told',
  ],
};

/** The cases of the suite by name, on a memory store with a flaw. */
function casesOn(flaw: Flaw): ReadonlyMap<string, () => Promise<void>> {
  const cases = new Map<string, () => Promise<void>>();
  describeStore(
    'a store',
    () => {
      let time = 1_795_300_000_000;
      const store = createMemoryStore({ now: () => time });
      const flawed = { ...store, ...flaw(store, () => time) };
      return { open: () => flawed, advance: (ms) => void (time += ms), close: () => undefined };
    },
    {
      describe: (_name, body) => body(),
      it: (name, body) => void cases.set(name, body),
      expect: (actual) => ({
        toEqual(expected) {
          if (!isDeepStrictEqual(actual, expected))
            throw new Error(`${JSON.stringify(actual)} is not ${JSON.stringify(expected)}`);
        },
      }),
    },
  );
  return cases;
}

describe('the suite of stores', () => {
  it.each(Object.entries(FLAWS))('finds a store that %s', async (_, [flaw, found]) => {
    await expect(casesOn(flaw).get(found)!()).rejects.toThrow();
    await expect(casesOn(() => ({})).get(found)!()).resolves.toBeUndefined();
  });
});
