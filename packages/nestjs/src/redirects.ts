import { decideAndCarryOut } from '@flyball/core/adapter';
import { concatMap, type Observable } from 'rxjs';

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
  if (exchange.mode !== 'enforce' || options.response === false) return source;
  if (!isRedirect(context.getHandler())) return source;
  return source.pipe(concatMap((value) => judged(value, setup)));
}

async function judged(value: unknown, setup: ValuesSetup): Promise<unknown> {
  const { governance, exchange, options } = setup;
  const { url } = Object(value) as { readonly url?: unknown };
  if (typeof url !== 'string') return value;
  const { resource } = exchange.place;
  const content = [{ path: 'location', text: url }];
  const event = exchange.interaction.event({ stage: 'output', point: 'http', resource, content });
  // No address is the same with a mask in it.
  const carried = await decideAndCarryOut(options.governor, event, value, () => undefined);
  if (carried.kind === 'stopped') throw await governance.denied(setup, carried.decision);
  return value;
}
