import { currentInteraction } from '@flyball/http';
import type { ArgumentsHost } from '@nestjs/common';

import { exchangeOf, type Exchange } from './exchange.ts';

type KeyOf = (context: ArgumentsHost) => object | undefined;

/** How calls are told apart, by kind: decorators have no module that they could ask. */
const keys = new Map<string, KeyOf>([
  [
    'http',
    (context) => {
      const req = context.switchToHttp().getRequest<{ readonly raw?: object } | undefined>();
      return req?.raw ?? req;
    },
  ],
]);

export function tellApart(type: string, keyOf: KeyOf): void {
  keys.set(type, keyOf);
}

/** The governed call that a context belongs to. */
export function exchangeFor(context: ArgumentsHost): Exchange | undefined {
  const key = keys.get(context.getType<string>())?.(context);
  const found = key === undefined ? undefined : exchangeOf(key);
  if (found !== undefined) return found;
  // Parameters of messages are found with copies of what tells them apart; they are found inside the call.
  const interaction = currentInteraction();
  return interaction === undefined ? undefined : exchangeOf(interaction);
}
