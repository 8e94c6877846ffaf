import type { Answers, Asker, Passage, Score, Usage } from './asker.ts';
import { badAnswer } from './judge-error.ts';

/** What is no name of a type may be anything, text that was judged included. */
const nameIn = (type: unknown): string =>
  typeof type === 'string' && /^[a-z][\w.]{0,60}$/i.test(type) ? `\`${type}\`, a category` : 'a category';

/**
 * An answer that does not fit the question is no answer. What fits is copied: an asker may keep what it answered, and
 * change it.
 */
export function checked({ id, types }: Asker, answers: unknown, passages: readonly Passage[]): Answers {
  const { opinions, usage } = (answers ?? {}) as { readonly [field: string]: unknown };
  if (!Array.isArray(opinions)) throw badAnswer(id, 'without a list of opinions');
  if (opinions.length !== passages.length) throw badAnswer(id, `${opinions.length} times to ${passages.length} texts`);
  return {
    opinions: opinions.map((opinion: unknown, index) => {
      const { scores } = (opinion ?? {}) as { readonly scores?: unknown };
      if (!Array.isArray(scores)) throw badAnswer(id, 'without a list of scores');
      const { length } = passages[index]!.text;
      return { scores: scores.map((score: unknown) => checkedScore(id, types, score, length)) };
    }),
    usage: usage === undefined || usage === null ? undefined : checkedUsage(id, usage),
  };
}

function checkedScore(id: string, types: readonly string[], given: unknown, length: number): Score {
  const { type, score, start, end } = (given ?? {}) as { readonly [field: string]: unknown };
  if (typeof type !== 'string' || !types.includes(type))
    throw badAnswer(id, `with ${nameIn(type)} that it does not have`);
  if (typeof score !== 'number' || !(score >= 0 && score <= 1))
    throw badAnswer(id, `with a score that is none for \`${type}\``);
  const [from, to] = [start ?? 0, end ?? length];
  if (!isPlace(from) || !isPlace(to) || from >= to || to > length)
    throw badAnswer(id, 'with a place outside of the text');
  return { type, score, ...(typeof start === 'number' && { start }), ...(typeof end === 'number' && { end }) };
}

const isPlace = (place: unknown): place is number => Number.isInteger(place) && (place as number) >= 0;

function checkedUsage(id: string, usage: object): Usage {
  const { inputTokens, outputTokens } = usage as { readonly [field: string]: unknown };
  if (!isCount(inputTokens) || !isCount(outputTokens)) throw badAnswer(id, 'with a usage that is none');
  return { inputTokens, outputTokens };
}

const isCount = (value: unknown): value is number => typeof value === 'number' && value >= 0 && value < Infinity;
