import type { OptionShape } from '@flyball/core/adapter';
import type { Asker, Opinion, Passage, Score } from './asker.ts';
import { postJson } from './chat-completions.ts';
import { makeJudge, type Judge } from './judge.ts';
import { badAnswer } from './judge-error.ts';
import { settingsOf, type JudgeOptions } from './options.ts';
import { headers, httpUrl, named } from './option-shapes.ts';

export interface PresidioOptions extends JudgeOptions {
  /** Where its analyzer listens: `http://127.0.0.1:5002`. */
  readonly url: string;
  /** What to look for, by Presidio's names. Default: what only a model finds, `PERSON`, `LOCATION` and `NRP`. */
  readonly entities?: readonly string[];
  /** A language that its server has loaded. Default `en`. */
  readonly language?: string;
  readonly headers?: { readonly [name: string]: string };
  readonly fetch?: typeof fetch;
}

/**
 * Microsoft Presidio's analyzer, for names and places in free text; what has a form the packs find exactly. Reports
 * `pii.person`, `pii.location` and so on, each at its place. Its default window holds 64 units back, so that a name
 * which a window cuts in two is seen whole before its first half leaves.
 *
 *     presidio({ url: 'http://127.0.0.1:5002', entities: ['PERSON'] })
 */
export function presidio(options: PresidioOptions): Judge {
  const settings = settingsOf('presidio', options, MORE, ['url'], { window: { first: 128, margin: 64 } });
  const { url, entities = ['PERSON', 'LOCATION', 'NRP'], language = 'en', fetch: ask } = options;
  const id = options.id ?? 'presidio';
  const types = new Map(entities.map((entity) => [entity, `pii.${entity.toLowerCase()}`]));
  const asker: Asker = {
    id,
    version: `presidio;1;language=${language};entities=${entities.toSorted().join()}`,
    types: [...new Set(types.values())],
    async ask([passage], signal) {
      const answer = await postJson(
        id,
        { url: `${url.replace(/\/+$/, '')}/analyze`, headers: options.headers, ask },
        { text: passage!.text.toWellFormed(), language, entities, score_threshold: settings.from },
        signal,
      );
      return { opinions: [opinionOf(id, answer, passage!, types)] };
    },
  };
  return makeJudge(asker, settings);
}

function opinionOf(id: string, answer: unknown, { text }: Passage, types: ReadonlyMap<string, string>): Opinion {
  if (!Array.isArray(answer)) throw badAnswer(id, 'no list of findings');
  const unit = unitsOf(text);
  const scores = (answer as readonly unknown[]).flatMap((found): Score[] => {
    const { entity_type: entity, start, end, score } = (found ?? {}) as { readonly [field: string]: unknown };
    // Entities that were not asked for are left out; what names none is no finding, and the answer then no answer.
    if (typeof entity !== 'string') throw badAnswer(id, 'with a finding that names no entity');
    const type = types.get(entity);
    if (type === undefined) return [];
    const from = unit(start);
    const to = unit(end);
    if (from === undefined || to === undefined) throw badAnswer(id, 'with a place outside of the text');
    return [{ type, score: score as number, start: from, end: to }];
  });
  return { scores };
}

/** Python counts code points, JavaScript UTF-16 units: every emoji in front shifts a place by one. */
function unitsOf(text: string): (point: unknown) => number | undefined {
  const starts: number[] = [];
  let at = 0;
  for (const character of text) {
    starts.push(at);
    at += character.length;
  }
  starts.push(at);
  return (point) => (typeof point === 'number' ? starts[point] : undefined);
}

const MORE: { readonly [name: string]: OptionShape } = {
  url: httpUrl('http://127.0.0.1:5002'),
  entities: {
    is: (value) =>
      Array.isArray(value) &&
      value.length > 0 &&
      value.every((name) => typeof name === 'string' && /^[A-Z][A-Z0-9_]*$/.test(name)),
    words: 'a list of names such as `PERSON`',
  },
  language: named('a language, such as `en`'),
  headers,
  fetch: 'function',
};
