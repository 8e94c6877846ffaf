import type { Sink } from '../audit/sink.ts';
import type { AssembledPolicy } from '../assemble.ts';
import type { Clock } from '../clock.ts';
import type { GovernedEvent, Stage } from '../contract/event.ts';
import { FlyballError } from '../errors.ts';
import type { State } from '../state/state.ts';
import type { CommitEnv } from './commit.ts';
import { checkedEvent } from './interaction/event.ts';
import type { EventHub } from './lifecycle/events.ts';
import type { Policies } from './lifecycle/policies.ts';
import type { Running } from './lifecycle/running.ts';

/** Everything a running governor consists of: what its main paths are given. */
export interface Engine {
  readonly policies: Policies;
  readonly state: State;
  readonly sink: Sink | undefined;
  readonly clock: Clock;
  readonly parts: CommitEnv;
  readonly running: Running;
  readonly events: EventHub;
  /** Units that were reported or reserved: a limit on another one counts nothing. */
  readonly reportedUnits: Set<string>;
}

function assertOpen({ running }: Engine): void {
  if (running.closed)
    throw new FlyballError('GOVERNOR_CLOSED', 'the governor is closed: make a new one, or close it later');
}

/** Name of the policy that decides an event: the one it names, else the first one loaded. */
export function policyOf({ policies }: Engine, event: Pick<GovernedEvent, 'policy'>): string {
  return event.policy ?? policies.first;
}

/** What every path begins with. */
export interface Received {
  readonly event: GovernedEvent;
  /** Name of the policy that decides it. */
  readonly policyId: string;
  /** Absent when none of that name is loaded. */
  readonly assembled: AssembledPolicy | undefined;
  /** Monotonic time of arrival. */
  readonly startedAt: number;
}

/** Checks an event however it was made, and finds its policy. Throws for misuse. */
export function receive(engine: Engine, given: GovernedEvent): Received {
  assertOpen(engine);
  const startedAt = engine.clock.monotonic();
  const event = checkedEvent(given);
  const policyId = policyOf(engine, event);
  return { event, policyId, assembled: engine.policies.get(policyId), startedAt };
}

/** True when the policy limits how often the same may be repeated at this stage: that needs the whole of it. */
export function countsRepeats({ policy }: AssembledPolicy, stage: Stage): boolean {
  return policy.stages[stage].limits.some((limit) => limit.unit === 'repeats');
}

/**
 * What makes two events of a stage the same for limits on `repeats`: of what can stream the text alone, else the tool
 * and all addresses too.
 */
export function repeatedText({ stage, resource, content }: GovernedEvent): string {
  if (stage !== 'input' && stage !== 'tool_call') return content.map(({ text }) => text).join('');
  return [resource.tool ?? '', ...content.map(({ path, text }) => `${path}\u0000${text}`)].join('\u0001');
}
