import type { Decision, GovernedEvent } from '@flyball/core';

/** A decision as the operator's page and the play read it: no text of anybody, only what was decided and why. */
export interface FeedItem {
  /** Counts up from 1 in the order of the decisions. */
  readonly seq: number;
  readonly at: number;
  readonly stage: string;
  readonly point: string;
  readonly outcome: string;
  readonly reason: string;
  readonly ruleId: string | undefined;
  readonly user: string | undefined;
  readonly tool: string | undefined;
  readonly edits: number;
  readonly durationUs: number;
  readonly retryAfterMs: number | undefined;
  readonly auditId: string;
  readonly interactionId: string;
}

export interface DecisionFeed {
  /** Give it to `createGovernor` as `onDecision`. */
  readonly record: (decision: Decision, event: GovernedEvent) => void;
  /** What is remembered of the decisions after `seq`, oldest first. */
  after(seq: number): readonly FeedItem[];
  /** A remembered decision, by its id. */
  find(auditId: string): Decision | undefined;
  /** Calls `listener` for each further decision until the returned function is called. */
  subscribe(listener: (item: FeedItem) => void): () => void;
}

/** Remembers the last decisions and tells whoever listens. */
export function decisionFeed(remembered = 200): DecisionFeed {
  const items: FeedItem[] = [];
  const decisions = new Map<string, Decision>();
  const listeners = new Set<(item: FeedItem) => void>();
  let seq = 0;
  return {
    record(decision, event) {
      if (isEcho(decision, event)) return;
      const item: FeedItem = {
        seq: ++seq,
        at: decision.at,
        stage: event.stage,
        point: event.point,
        outcome: decision.outcome,
        reason: decision.reason,
        ruleId: decision.ruleId,
        user: event.subject.user,
        tool: event.resource.tool,
        edits: decision.edits.length,
        durationUs: decision.durationUs,
        retryAfterMs: decision.retryAfterMs,
        auditId: decision.auditId,
        interactionId: decision.interactionId,
      };
      items.push(item);
      decisions.set(item.auditId, decision);
      if (items.length > remembered) decisions.delete(items.shift()?.auditId ?? '');
      for (const listener of listeners) listener(item);
    },
    after: (from) => items.filter((item) => item.seq > from),
    find: (auditId) => decisions.get(auditId),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/**
 * The response lets pass what the model's gate has let pass: the same answer judged once more, where it leaves. That is
 * news only if the response stops or changes something.
 */
function isEcho({ outcome, edits }: Decision, { stage, point }: GovernedEvent): boolean {
  return stage === 'output' && point === 'http' && outcome === 'ALLOW' && edits.length === 0;
}
