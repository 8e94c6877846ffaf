import type { Charge, ChargeAnswer, ControlRequest, LadderStrike, LadderTerms, Push } from '@flyball/core/store';

// What the cases send, with the parts that a case does not care about filled in.

export const SECOND = 1000;
export const TERMS: LadderTerms = {
  after: { strikes: 3, withinMs: 10 * SECOND },
  forMs: 2 * SECOND,
  escalate: { factor: 3, maxMs: 10 * SECOND, forgetMs: 30 * SECOND },
};

/** One limit, of two within ten seconds unless the case says otherwise. */
export const charge = (id: string, more: Partial<Charge> = {}): Charge => ({
  key: 'acme/limit/questions/user=bob',
  id,
  kind: 'count',
  allow: 2,
  perMs: 10 * SECOND,
  window: 'sliding',
  ...more,
});

/** One point on the ladder `TERMS`. */
export const strike = (id: string, more: Partial<LadderStrike> = {}): LadderStrike => ({
  key: 'acme/ladder/abuse/user=bob',
  id,
  offences: [{ key: `offence of ${id}`, points: 1 }],
  ladder: TERMS,
  rememberMs: 60 * SECOND,
  ...more,
});

/** What charges came to, without what is left. */
export const admitted = (
  answers: readonly ChargeAnswer[],
): readonly Pick<ChargeAnswer, 'exceeded' | 'retryAfterMs' | 'fresh'>[] =>
  answers.map(({ exceeded, retryAfterMs, fresh }) => ({ exceeded, retryAfterMs, fresh }));

type Scope = Extract<ControlRequest, { op: 'lift' }>['scope'];

export const halt = (id: string, scope: Scope, forMs?: number): ControlRequest => ({
  op: 'set',
  control: { id, kind: 'halt', scope, who: 'ops', why: 'drill' },
  ...(forMs === undefined ? {} : { forMs }),
});

export const lift = (id: string, scope: Scope, only?: string): ControlRequest => ({
  op: 'lift',
  id,
  kind: 'halt',
  scope,
  who: 'eve',
  why: 'over',
  ...(only === undefined ? {} : { only }),
});

/** Changes pushed to a handle from now on, once it listens. */
export async function listen(store: {
  readonly shared: boolean;
  subscribe(listener: (push: Push) => void): () => void;
}): Promise<{ readonly seen: Push[]; readonly stop: () => void }> {
  const seen: Push[] = [];
  let listening = !store.shared;
  const stop = store.subscribe((push) => {
    if (push.kind === 'connected') listening = true;
    else if (push.kind !== 'lost') seen.push(push);
  });
  await waitUntil(() => listening);
  return { seen, stop };
}

export async function waitUntil(condition: () => boolean): Promise<void> {
  for (let i = 0; i < 200 && !condition(); i++) await new Promise((resolve) => setTimeout(resolve, 5));
}
