import { checkOptions, FlyballError } from '@flyball/core/evidence';
import { DAYS, TEXT } from '../options.ts';

const NAME = { is: (value: unknown) => typeof value === 'string', words: 'a string' };

/**
 * What operators ask of a log cannot be taken back, so it is checked as strictly as a policy: a misspelt `user` would
 * forget a whole tenant, and a number of days that is none would remove every record. Throws `OPTIONS_INVALID`.
 *
 *     checkScope('shred', { tenant: 'acme', usr: 'ada' }, by, ['tenant']); // has no option `usr`; did you mean `user`?
 */
export function checkScope(caller: string, scope: unknown, by: unknown, required: readonly string[] = []): void {
  checkOptions(caller, scope, { tenant: NAME, user: NAME }, required);
  for (const [name, value] of Object.entries(scope as object)) {
    // Nobody who passes a user that turns out to be none means everybody.
    if (value === undefined)
      throw new FlyballError('OPTIONS_INVALID', `\`${caller}\`: \`${name}\` is undefined; leave it out, or name one`);
  }
  checkBy(caller, by);
}

/** `Infinity` days remove nothing. */
export function checkExpiry(options: unknown, by: unknown): void {
  checkOptions('expire', options, { days: DAYS });
  checkBy('expire', by);
}

function checkBy(caller: string, by: unknown): void {
  const { who, why } = (by ?? {}) as { readonly [field: string]: unknown };
  checkOptions(`${caller}: by whom`, { who, why }, { who: TEXT, why: TEXT }, ['who', 'why']);
}
