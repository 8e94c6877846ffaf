import { decideAndCarryOut, type GovernedEvent } from '@flyball/core/adapter';
import { concatMap, tap, type Observable } from 'rxjs';

import { beside } from './beside.ts';
import type { ValuesSetup } from './values-setup.ts';

/** Nest's own key for `@Redirect()`. */
const REDIRECT = '__redirect__';

const redirects = new WeakMap<object, boolean>();

/** Looked up once: metadata is searched for along the prototypes, and this is asked with every call. */
function isRedirect(handler: object): boolean {
  let known = redirects.get(handler);
  if (known === undefined) redirects.set(handler, (known = Reflect.getMetadata(REDIRECT, handler) !== undefined));
  return known;
}

/**
 * Where a handler with `@Redirect()` sends its client is judged like the rest of an answer: it leaves in a header, and
 * only Express writes it into the body too.
 */
export function judgedRedirects(source: Observable<unknown>, setup: ValuesSetup): Observable<unknown> {
  const { context, exchange, options } = setup;
  if (exchange.mode === 'off' || options.response === false) return source;
  if (!isRedirect(context.getHandler())) return source;
  if (exchange.mode === 'enforce') return source.pipe(concatMap((value) => judged(value, setup)));
  const { governor } = options;
  return source.pipe(
    tap((value) => {
      const url = urlOf(value);
      if (url !== undefined) beside(exchange, governor, () => governor.decideNow(eventOf(url, setup)));
    }),
  );
}

function urlOf(value: unknown): string | undefined {
  const { url } = Object(value) as { readonly url?: unknown };
  return typeof url === 'string' ? url : undefined;
}

function eventOf(url: string, { exchange }: ValuesSetup): GovernedEvent {
  const { resource } = exchange.place;
  const content = [{ path: 'location', text: url }];
  return exchange.interaction.event({ stage: 'output', point: 'http', resource, content });
}

async function judged(value: unknown, setup: ValuesSetup): Promise<unknown> {
  const { governance, options } = setup;
  const url = urlOf(value);
  if (url === undefined) return value;
  const event = eventOf(url, setup);
  // No address is the same with a mask in it.
  const carried = await decideAndCarryOut(options.governor, event, value, () => undefined);
  if (carried.kind === 'stopped') throw await governance.denied(setup, carried.decision);
  return value;
}
