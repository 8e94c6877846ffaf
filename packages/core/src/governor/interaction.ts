import type { GovernedEvent, Subject } from '../contract/event.ts';
import type { Decision } from '../contract/ruling.ts';
import type { Hold } from '../state/store.ts';
import { FlyballError } from '../errors.ts';
import type { EventInit, Interaction, InteractionJson } from './api.ts';
import { makeEvent } from './event.ts';
import { JudgedTexts } from './judged-texts.ts';

/** What an interaction asks of its governor. */
export interface InteractionHost {
  mint(kind: 'evt'): string;
  report(event: GovernedEvent, amounts: { readonly [unit: string]: number }): Promise<void>;
  release(held: readonly Hold[]): Promise<void>;
  /** Somebody wants to know of halts from now on. Answers with one that already stands. */
  listen(state: InteractionState): unknown;
}

/** The part of an interaction that only the governor uses. */
export interface InteractionState {
  readonly interaction: Interaction;
  /** True when the subject could not be established. */
  readonly subjectMissing: boolean;
  readonly judged: JudgedTexts;
  decided(decision: Decision): void;
  hold(held: readonly Hold[]): void;
  halt(reason: unknown): void;
}

const NO_LABELS: readonly string[] = Object.freeze([]);
const MAX_LABELS = 256;

/** State of interactions by the event they made: a decision finds its interaction without a registry to clean up. */
export const interactionOf: WeakMap<GovernedEvent, InteractionState> = new WeakMap();

export function createInteraction(
  json: InteractionJson,
  subjectMissing: boolean,
  host: InteractionHost,
): InteractionState {
  let labels: readonly string[] = json.labels.length === 0 ? NO_LABELS : Object.freeze([...new Set(json.labels)].sort());
  const decisions: Decision[] = [];
  const held: Hold[] = [];
  let controller: AbortController | undefined;
  const subject: Subject = json.subject;

  const interaction: Interaction = {
    id: json.id,
    subject,
    policy: json.policy,
    get labels() {
      return labels;
    },
    addLabels(...names) {
      const more = names.filter((name) => !labels.includes(name));
      if (more.length === 0) return;
      if (labels.length + more.length > MAX_LABELS) {
        throw new FlyballError('OPTIONS_INVALID', `an interaction carries at most ${MAX_LABELS} labels`);
      }
      labels = Object.freeze([...new Set([...labels, ...more])].sort());
    },
    event(init: EventInit) {
      const event = makeEvent(init, { eventId: host.mint('evt'), interactionId: json.id, subject, labels });
      interactionOf.set(event, state);
      return event;
    },
    decisions,
    report: (event, amounts) => host.report(event, amounts),
    end: () => host.release(held.splice(0)),
    // Most interactions are never asked for it.
    get signal() {
      if (controller === undefined) {
        controller = new AbortController();
        const halt = host.listen(state);
        if (halt !== undefined) controller.abort(halt);
      }
      return controller.signal;
    },
    toJSON: () => ({ id: json.id, subject, policy: json.policy, labels }),
  };

  const state: InteractionState = {
    interaction,
    subjectMissing,
    judged: new JudgedTexts(),
    decided(decision) {
      decisions.push(decision);
      if (decision.labels.length > 0) interaction.addLabels(...decision.labels);
    },
    hold: (more) => void held.push(...more),
    halt: (reason) => controller?.abort(reason),
  };
  return state;
}
