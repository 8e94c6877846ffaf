/** One way in which a text may arrive. */
export interface Cut {
  readonly how: string;
  readonly parts: readonly string[];
}

const RANDOM_WAYS = 10;
const LONGEST_PART = 12;

/** A text as written, whole, unit by unit, cut once at each place, and at random places that are the same each time. */
export function* cutsOf(written: readonly string[]): Generator<Cut> {
  const text = written.join('');
  if (written.length > 1) yield { how: 'as written', parts: written };
  yield { how: 'whole', parts: [text] };
  yield { how: 'unit by unit', parts: Array.from({ length: text.length }, (_, at) => text[at]!) };
  for (let at = 1; at < text.length; at++)
    yield {
      how: `cut at ${at}: ${JSON.stringify(text.slice(0, at))} | ${JSON.stringify(text.slice(at))}`,
      parts: [text.slice(0, at), text.slice(at)],
    };
  let state = 1;
  for (let way = 0; way < RANDOM_WAYS; way++) {
    const parts: string[] = [];
    for (let at = 0; at < text.length;) {
      state = (state * 48271) % 2147483647;
      const length = 1 + Math.floor((state / 2147483647) * LONGEST_PART);
      parts.push(text.slice(at, at + length));
      at += length;
    }
    yield { how: `cut into ${parts.map((part) => part.length).join(' ')}`, parts };
  }
}
