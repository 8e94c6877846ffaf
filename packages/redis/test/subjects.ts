import type { State } from '../../core/src/state/state.ts';

type Event = Parameters<State['charge']>[0]['event'];
type Limit = Parameters<State['charge']>[0]['limits'][number];
type Ladder = Parameters<State['cooldownsFor']>[0][number];

/** An input event of one and the same user. */
export function eventOf(id: string, user = 'bob'): Event {
  return {
    id,
    interactionId: `int ${id}`,
    stage: 'input',
    point: 'model',
    subject: { tenant: 'acme', user },
    resource: {},
    attributes: {},
    labels: [],
    content: [],
  };
}

export const LIMIT: Limit = {
  id: 'questions',
  key: ['tenant', 'user'],
  on: ['input'],
  unit: 'events',
  allow: 100,
  perMs: 600_000,
  window: 'sliding',
  then: 'cooldown',
};

export const LADDER: Ladder = {
  id: 'abuse',
  key: ['tenant', 'user'],
  after: { strikes: 3, withinMs: 600_000 },
  forMs: 60_000,
  escalate: { factor: 2, maxMs: 600_000, forgetMs: 3_600_000 },
};
