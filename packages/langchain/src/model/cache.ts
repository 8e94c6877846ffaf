import { isDenied, type Decision } from '@flyball/core/adapter';
import { blocked, summaryIn } from '../to-response.ts';
import { openCall, type ModelSettings } from './call.ts';
import { governGeneration } from './governed-generate.ts';
import type { Cache, ChatModel } from './types.ts';

/**
 * A cache answers in the model's place: what it holds is decided on like an answer, and refusals are not put into it. A
 * prompt that is in the cache asks no model; a halt stops it all the same.
 */
export function governCache(cache: Cache, settings: ModelSettings, model: ChatModel): Cache {
  return {
    async lookup(prompt, key) {
      const hit = await cache.lookup(prompt, key);
      if (hit === null || hit === undefined) return hit;
      const call = await openCall(settings, model, {});
      try {
        const event = call.event({ stage: 'input', content: call.covers('input') ? prompt : [] });
        const decision: Decision = await call.governor.decideNow(event);
        if (isDenied(decision)) throw blocked(decision);
        const generations = [];
        // An answer made of words is one of several kinds that a cache may hold.
        for (const one of hit) generations.push('message' in one ? await governGeneration(call, one) : one);
        return generations;
      } finally {
        call.over();
      }
    },
    async update(prompt, key, value) {
      if (value.some(({ message }) => summaryIn(message) !== undefined)) return;
      await cache.update(prompt, key, value);
    },
  };
}
