// What state costs: the hot path of a clean subject, a strike on Redis beside a bare GET, decisions per second by
// limits on Redis.
import { createGovernor } from '@flyball/core';
import { createRedisStore } from '@flyball/redis';
import type { Redis } from 'ioredis';
import { createState } from '../../packages/core/src/state/state.ts';
import { quantile, REDIS_URL, round, withRedis } from './redis.ts';
import type { Figures } from './run.ts';
import { limitBesidePeer, manyControlsHaltP99, manyCooldownsStart } from './state-scale.ts';

const LADDERS = ['abuse', 'probing'].map((id) => ({
  id,
  key: ['tenant', 'user'] as const,
  after: { strikes: 3, withinMs: 600_000 },
  forMs: 3_600_000,
  escalate: { factor: 2, maxMs: 86_400_000, forgetMs: 86_400_000 },
}));
type Event = Parameters<ReturnType<typeof createState>['charge']>[0]['event'];

export async function bench(): Promise<Figures> {
  const hot = await hotPath();
  const strikes = await withRedis(strikeBesideGet);
  const perSecByLimits = await withRedis(async (_client, prefix) => ({
    0: await decisionsPerSecond(prefix, 0),
    1: await decisionsPerSecond(prefix, 1),
    3: await decisionsPerSecond(prefix, 3),
  }));
  const limit = await withRedis(limitBesidePeer);
  return {
    ...hot,
    strikeVsGet: strikes?.ratio ?? null,
    strikeP50us: strikes?.strikeP50us ?? null,
    getP50us: strikes?.getP50us ?? null,
    perSecByLimits,
    bytesPerAdmission: await withRedis(bytesPerAdmission),
    refusedUs: await withRedis(refused),
    manyControlsHaltP99ms: await withRedis(manyControlsHaltP99),
    manyCooldownsStartMs: await withRedis(manyCooldownsStart),
    limitCpuUs: limit?.ours ?? null,
    limitVsPeer: limit?.ratio ?? null,
  };
}

/** Microseconds for the next event of a subject whose limit on Redis has no room: what somebody who hammers costs. */
async function refused(_client: Redis, prefix: string): Promise<number> {
  const state = createState({ store: createRedisStore({ url: REDIS_URL, prefix, deadlineMs: 1000 }) });
  await state.ready();
  const limits = [
    {
      id: 'q',
      key: ['user'],
      on: ['input'],
      unit: 'events',
      allow: 1,
      perMs: 600_000,
      window: 'sliding',
      then: 'cooldown',
    },
  ] as const;
  const events = Array.from({ length: 256 }, (_, i) => eventOf(`e${i}`, 'acme', 'mallory'));
  const charge = (event: Event) => state.charge({ limits, event, shadow: false, first: true });
  const isRefusedAtOnce = (event: Event): boolean => {
    const charged = charge(event);
    return 'answers' in charged && charged.answers[0]?.exceeded === true;
  };
  // What is known of waits goes with the first whole answer of a new connection, which may come meanwhile.
  for (const event of events.slice(0, 50)) {
    await charge(event);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  const us = perCall(events, (event) => Number(!isRefusedAtOnce(event)));
  await state.close();
  return us;
}

/**
 * Both look-ups of an event, controls and two ladders, for a clean subject. `cleanSubjectUs`: in a tenant where a
 * thousand others are cooling down, so that its keys have to be made; `quietTenantUs`: where nobody is; `loopUs`: the
 * same loop without them.
 */
async function hotPath(): Promise<Figures> {
  const state = createState();
  const ladders = Object.fromEntries(LADDERS.map((ladder) => [ladder.id, ladder]));
  for (let i = 0; i < 1000; i++) {
    const strikes = [{ ladder: 'abuse', points: 3, rules: [] }];
    await state.strike({ strikes, ladders, event: eventOf(`evt_${i}`, 'busy', `user ${i}`), shadow: false });
  }
  const look = (event: Event): number =>
    state.controlsFor(event).errors.length + state.cooldownsFor(LADDERS, event, false).length;
  // Many subjects in turn, as in a server: one and the same would be measured from the caches of the machine.
  const events = (tenant: string): readonly Event[] =>
    Array.from({ length: 256 }, (_, i) => eventOf(`e${i}`, tenant, `clean ${i}`));
  const figures = { cleanSubjectUs: perCall(events('busy'), look), quietTenantUs: perCall(events('quiet'), look) };
  const loopUs = perCall(events('quiet'), (event) => event.content.length);
  await state.close();
  return { ...figures, loopUs };
}

/** Median microseconds per call over rounds of 100,000. */
function perCall(events: readonly Event[], call: (event: Event) => number): number {
  let found = 0;
  const rounds: number[] = [];
  for (let round = 0; round < 15; round++) {
    const from = performance.now();
    for (let i = 0; i < 100_000; i++) found += call(events[i % events.length]!);
    rounds.push((performance.now() - from) / 100);
    // At once: calls that go to a store, and nobody waits for, pile up.
    if (found !== 0) throw new Error('a call answered something else');
  }
  return round(quantile(rounds.slice(5), 0.5), 3);
}

/**
 * In turns on two connections of the same kind, one call at a time, so that a busy moment of the machine hits both
 * alike.
 */
async function strikeBesideGet(
  client: Redis,
  prefix: string,
): Promise<{ ratio: number; strikeP50us: number; getP50us: number }> {
  const store = createRedisStore({ client, prefix, deadlineMs: 1000 });
  await store.sync(); // connected from here on
  await client.set(`${prefix}bare`, 'value', 'PX', 60_000);
  const gets: number[] = [];
  const strikes: number[] = [];
  for (let i = -500; i < 4000; i++) {
    const id = `event ${i}`;
    const [terms] = LADDERS;
    const strike = {
      key: `acme/ladder/abuse/user=${i % 1000}`,
      id,
      offences: [{ key: `offence of ${id}`, points: 1 }],
      ladder: terms!,
      rememberMs: 60_000,
    };
    const start = performance.now();
    await client.get(`${prefix}bare`);
    const between = performance.now();
    await store.strike([strike]);
    const end = performance.now();
    if (i < 0) continue;
    gets.push((between - start) * 1000);
    strikes.push((end - between) * 1000);
  }
  await store.close();
  const [strikeP50us, getP50us] = [quantile(strikes, 0.5), quantile(gets, 0.5)];
  return { ratio: round(strikeP50us / getP50us), strikeP50us: round(strikeP50us, 1), getP50us: round(getP50us, 1) };
}

/** What Redis keeps for each event that a limit admitted, while it is in the window. */
async function bytesPerAdmission(client: Redis, prefix: string): Promise<number> {
  const store = createRedisStore({ client, prefix, deadlineMs: 1000 });
  const admissions = 10_000;
  await store.sync(); // connected from here on
  for (let i = 0; i < admissions; i++) {
    const id = `evt_${String(i).padStart(26, '0')}`;
    await store.charge([
      { key: 'acme/limit/q', id, kind: 'count', allow: admissions, perMs: 60_000, window: 'sliding' },
    ]);
  }
  const bytes = await client.memory('USAGE', `${prefix}{acme}/limit/q:ids`, 'SAMPLES', 0);
  await store.close();
  return Math.round((bytes ?? Number.NaN) / admissions);
}

/** Whole decisions, 64 at a time, each charging so many limits in one call. */
async function decisionsPerSecond(prefix: string, limits: number): Promise<number> {
  const governor = await createGovernor({
    store: createRedisStore({ url: REDIS_URL, prefix: `${prefix}${limits}:`, deadlineMs: 1000 }),
    policy: {
      policy: 'bench',
      version: 1,
      deadline: '1s',
      rules: [{ id: 'no-launch-codes', on: 'input', when: 'attributes.risk > 0.9', then: 'block', reason: 'P_RISK' }],
      limits: Array.from({ length: limits }, (_, i) => ({
        id: `limit-${i}`,
        on: 'input',
        unit: 'events',
        allow: 1000,
        per: '1m',
      })),
    },
  });
  try {
    await governor.control.list(); // connected from here on
    const until = performance.now() + 2000;
    let decided = 0;
    const worker = async (n: number): Promise<void> => {
      for (let i = 0; performance.now() < until; i++) {
        const interaction = governor.interaction({ tenant: 'acme', user: `user ${n}.${i % 50}` });
        const event = interaction.event({
          stage: 'input',
          attributes: { risk: 0.1 },
          content: 'what does a refund cost?',
        });
        const { outcome, reason } = await governor.decide(event);
        if (outcome !== 'ALLOW') throw new Error(`a decision was ${outcome} for ${reason}`);
        decided++;
      }
    };
    const from = performance.now();
    await Promise.all(Array.from({ length: 64 }, (_, n) => worker(n)));
    return Math.round((decided / (performance.now() - from)) * 1000);
  } finally {
    await governor.close();
  }
}

function eventOf(id: string, tenant: string, user: string): Event {
  return {
    id,
    interactionId: id,
    stage: 'input',
    point: 'model',
    subject: { tenant, user },
    resource: { model: 'gpt' },
    attributes: {},
    labels: [],
    content: [],
  };
}
