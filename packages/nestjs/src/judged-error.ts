import { isDenied, mapMaybe, type Decision, type GovernedEvent, type MaybePromise } from '@flyball/core/adapter';

import { beside } from './beside.ts';
import { ToldAlready } from './denied.ts';
import { allOf } from './shown.ts';
import type { ValuesSetup } from './values-setup.ts';

/** What the caller of a stopped call gets: an error, or `undefined` where its transport has told it otherwise. */
export function stopped(setup: ValuesSetup, decision: Decision): MaybePromise<unknown> {
  return mapMaybe(setup.governance.denied(setup, decision), (error) =>
    error instanceof ToldAlready ? undefined : error,
  );
}

/**
 * What a handler failed with, where its caller is shown that: judged like an answer. A mask cannot be written into
 * another's error.
 */
export function judgedError(setup: ValuesSetup, error: unknown): MaybePromise<unknown> {
  const { options, exchange } = setup;
  const { governor } = options;
  const shown = exchange.mode === 'off' || options.response === false ? undefined : shownTo(setup, error);
  if (shown === undefined || shown === '') return error;
  const eventOf = (): GovernedEvent => {
    const { resource } = exchange.place;
    return exchange.interaction.event({ stage: 'output', point: 'http', resource, content: shown });
  };
  if (exchange.mode === 'shadow') {
    beside(exchange, governor, () => governor.decideNow(eventOf()));
    return error;
  }
  const event = eventOf();
  return mapMaybe(governor.decideNow(event), (decision) => {
    if (isDenied(decision)) return stopped(setup, decision);
    if (decision.outcome !== 'ALLOW' || decision.edits.length === 0) return error;
    return mapMaybe(governor.refuse(event, 'EDIT_NOT_APPLICABLE', decision), (refusal) =>
      isDenied(refusal) ? stopped(setup, refusal) : error,
    );
  });
}

/** The text of an error that may reach a caller past the response, or nothing. */
function shownTo({ governance, context, transport, arrival }: ValuesSetup, error: unknown): string | undefined {
  // There it is judged as it leaves.
  if (arrival.raw !== undefined) return undefined;
  const shown = transport.shown?.(error);
  // Of all others Nest says that something went wrong. What a filter of the application says, nobody knows before.
  return shown ?? (governance.hasFilters(context) ? allOf(error) : undefined);
}
