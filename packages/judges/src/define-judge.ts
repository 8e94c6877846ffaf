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
  return makeJudge(asker, settingsOf('defineJudge', options, {}));
}
