import {
  createGovernor,
  createMemorySink,
  type Detector,
  type GovernorEvent,
  type PolicyDocument,
} from '@flyball/core';
import { requireGovernor, type AdapterGovernor } from '@flyball/core/adapter';
import { onTestFinished } from 'vitest';
import { callContext, type CallContext } from '../src/index.ts';

export const subject = { tenant: 'acme', user: 'ada' };

export interface Open {
  readonly governor: AdapterGovernor;
  /** Failures of the application's parts that listeners were told of. */
  readonly failures: () => readonly string[];
  /** Outcome, reason and stage of each recorded decision. */
  readonly recorded: () => readonly string[];
  /** A call of an interaction of its own. */
  readonly context: (onBlock?: 'continue' | 'stop') => CallContext;
}

/** A real governor of this policy, closed when the test ends. */
export async function open(
  policy: Partial<PolicyDocument> = {},
  more: { readonly detectors?: readonly Detector[] } = {},
): Promise<Open> {
  const audit = createMemorySink();
  const governor = requireGovernor(
    await createGovernor({ policy: { policy: 'test', version: 1, ...policy }, audit, ...more }),
    'test',
  );
  onTestFinished(() => governor.close());
  const events: GovernorEvent[] = [];
  governor.events.subscribe((event) => void events.push(event));
  return {
    governor,
    failures: () =>
      events.flatMap((event) =>
        event.kind === 'failure' ? [`${event.failure.part} ${event.failure.id} ${event.failure.code}`] : [],
      ),
    recorded: () =>
      audit
        .records()
        .flatMap((record) =>
          record.kind === 'decision'
            ? [`${record.event.stage} ${record.decision.outcome} ${record.decision.reason}`]
            : [],
        ),
    context: (onBlock) =>
      callContext({ governor, ...(onBlock !== undefined && { onBlock }) }, governor.interaction(subject), {
        point: 'model',
        model: 'm',
      }),
  };
}

export const DETECTORS: NonNullable<PolicyDocument['detectors']> = [
  { id: 'word', phrases: ['TOPSECRET'] },
  { id: 'email', patterns: ['[a-z]+@[a-z]+\\.com'] },
];
