import { FlyballError } from '@flyball/core/adapter';
import type { Asker } from './asker.ts';
import { makeJudge, type Judge } from './judge.ts';
import { settingsOf, type JudgeOptions } from './options.ts';

/**
 * A judge of your own: say how it is asked, and deadline, breaker, bulkhead, repetitions, cache, batches, sample and
 * limits are there.
 *
 *     defineJudge({
 *       id: 'acme-tone', version: '1', types: ['tone.rude'],
 *       ask: async ([{ text }], signal) => ({ opinions: [{ scores: [{ type: 'tone.rude', score: await rudeness(text, signal) }] }] }),
 *     })
 */
export function defineJudge(asker: Asker, options: Omit<JudgeOptions, 'id'> = {}): Judge {
  const { id, version, types, ask, batch = 1 } = (asker ?? {}) as Partial<Asker>;
  if (typeof ask !== 'function')
    throw invalid('takes an object with at least `id`, `version`, `types` and `ask`, a function');
  if (typeof id !== 'string' || id === '') throw invalid('needs an `id`: a name');
  if (!Array.isArray(types) || types.length === 0 || !types.every((type) => typeof type === 'string' && type !== ''))
    throw invalid('needs `types`: every signal type that it may report');
  if (typeof version !== 'string' || version === '')
    throw invalid('needs a `version` that changes whenever its opinions may');
  if (!Number.isInteger(batch) || batch < 1) throw invalid('`batch` must be a whole number, 1 or more');
  return makeJudge(asker, settingsOf('defineJudge', options, {}));
}

const invalid = (message: string): FlyballError => new FlyballError('OPTIONS_INVALID', `\`defineJudge\` ${message}`);
