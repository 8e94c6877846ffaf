import { describe, expect, test, vi } from 'vitest';
import type { GovernedEvent, Subject } from '../contract/event.ts';
import type { Ruling } from '../contract/ruling.ts';
import type { CompiledPolicy } from '../policy/compiled.ts';
import type { State } from '../state/state.ts';
import { keepSessionLabels, withSessionLabels } from './session-labels.ts';

const policyOf = (...labels: readonly string[]): CompiledPolicy =>
  ({ sessionLabels: new Set(labels) }) as unknown as CompiledPolicy;
const eventOf = (labels: readonly string[], session: string | undefined): GovernedEvent =>
  ({ labels, subject: { tenant: 't', ...(session !== undefined && { session }) } as Subject }) as GovernedEvent;
const rulingOf = (labels: readonly string[], mode = 'enforce'): Ruling => ({ labels, mode }) as unknown as Ruling;

function stateOf(labels: readonly string[] = []) {
  const labelsFor = vi.fn<(request: { add: readonly string[]; shadow: boolean }) => object>(() => ({
    labels,
    errors: [],
  }));
  return { labelsFor, state: { labelsFor } as unknown as State };
}

describe('labels that a decision brings are kept for the session', () => {
  test.each<
    readonly [
      name: string,
      policy: CompiledPolicy | undefined,
      session: string | undefined,
      brings: readonly string[],
      kept: readonly string[] | undefined,
    ]
  >([
    ['those that live in it', policyOf('a', 'b'), 's', ['a', 'b', 'x'], ['a', 'b']],
    ['not those that the event has', policyOf('a', 'has'), 's', ['a', 'has'], ['a']],
    ['none where there are no others', policyOf('a', 'has'), 's', ['has', 'x'], undefined],
    ['none without a policy', undefined, 's', ['a'], undefined],
    ['none where none lives in it', policyOf(), 's', ['a'], undefined],
    ['none without a session', policyOf('a'), undefined, ['a'], undefined],
  ])('%s', (_, policy, session, brings, kept) => {
    const { state, labelsFor } = stateOf();
    const asked = keepSessionLabels(state, policy, eventOf(['has'], session), rulingOf(brings));
    expect(asked === undefined).toBe(kept === undefined);
    expect(labelsFor.mock.calls.map(([{ add, shadow }]) => ({ add, shadow }))).toEqual(
      kept === undefined ? [] : [{ add: kept, shadow: false }],
    );
  });

  test('in shadow as such', () => {
    const { state, labelsFor } = stateOf();
    void keepSessionLabels(state, policyOf('a'), eventOf([], 's'), rulingOf(['a'], 'shadow'));
    expect(labelsFor.mock.calls[0]![0].shadow).toBe(true);
  });
});

describe('an event has the labels of its session', () => {
  test.each<
    readonly [
      name: string,
      policy: CompiledPolicy,
      session: string | undefined,
      known: readonly string[],
      has: readonly string[] | undefined,
    ]
  >([
    ['beside its own, in order', policyOf('a', 'z'), 's', ['z', 'a'], ['a', 'm', 'z']],
    ['once', policyOf('a', 'm'), 's', ['m', 'a'], ['a', 'm']],
    ['not those of other policies', policyOf('a'), 's', ['q'], ['m']],
    ['not asked where none lives in it', policyOf(), 's', ['a'], undefined],
    ['not asked without a session', policyOf('a'), undefined, ['a'], undefined],
  ])('%s', (_, policy, session, known, has) => {
    const { state, labelsFor } = stateOf(known);
    const labelled = withSessionLabels(state, policy, eventOf(['m'], session), false);
    expect((labelled as { event: GovernedEvent } | undefined)?.event.labels).toEqual(has);
    expect(labelsFor).toHaveBeenCalledTimes(has === undefined ? 0 : 1);
  });

  test('of which it tells those that live in it', () => {
    const { state, labelsFor } = stateOf();
    void withSessionLabels(state, policyOf('a', 'm'), eventOf(['m', 'x'], 's'), true);
    expect(labelsFor.mock.calls[0]![0]).toMatchObject({ add: ['m'], shadow: true });
  });
});
