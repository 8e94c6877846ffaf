import type { Message } from './slots.ts';

interface WrittenText {
  readonly text: string;
  taken: boolean;
}

/** The texts under one id, in their order, and by what each says. */
interface OfId {
  readonly all: readonly WrittenText[];
  readonly bySaid: ReadonlyMap<string, WrittenText[]>;
  /** Those before it are taken. */
  first: number;
}

interface Call {
  readonly id?: string | undefined;
  readonly args: { readonly [name: string]: unknown };
}

/**
 * Arguments as the model wrote them: only pieces of a stream still have them. Some servers give all calls of a message
 * one id, or none, so a text belongs to a call only where it says what the call says. Each text is read once, however
 * many calls share an id.
 */
export class WrittenTexts {
  readonly #byId: ReadonlyMap<string | undefined, OfId>;

  constructor({ tool_call_chunks: chunks = [] }: Pick<Message, 'tool_call_chunks'>) {
    const byIndex = new Map<unknown, { readonly id: string | undefined; readonly texts: string[] }>();
    for (const [at, { index = at, id, args = '' }] of chunks.entries()) {
      const known = byIndex.get(index);
      if (known !== undefined && (known.id !== undefined || id === undefined)) known.texts.push(args);
      else byIndex.set(index, { id, texts: [...(known?.texts ?? []), args] });
    }
    const grouped = Map.groupBy(byIndex.values(), ({ id }) => id);
    this.#byId = new Map([...grouped].map(([id, all]) => [id, ofId(all.map(({ texts }) => texts.join('')))]));
  }

  /** `exact`: it is the text of this call. Otherwise there is at most one that the framework has mended. */
  take({ id, args }: Call): { readonly text: string | undefined; readonly exact: boolean } {
    const own = this.#byId.get(id);
    if (own === undefined) return { text: undefined, exact: false };
    const same = own.bySaid.get(JSON.stringify(args))?.pop();
    if (same !== undefined) {
      same.taken = true;
      return { text: same.text, exact: true };
    }
    while (own.all[own.first]?.taken === true) own.first++;
    return { text: own.all[own.first]?.text, exact: false };
  }
}

function ofId(texts: readonly string[]): OfId {
  const all = texts.map((text): WrittenText => ({ text, taken: false }));
  const bySaid = new Map<string, WrittenText[]>();
  // Backwards, so that the first is the last of its list.
  for (const one of all.toReversed()) {
    const said = saidBy(one.text);
    if (said === undefined) continue;
    const same = bySaid.get(said);
    if (same === undefined) bySaid.set(said, [one]);
    else same.push(one);
  }
  return { all, bySaid, first: 0 };
}

function saidBy(text: string): string | undefined {
  try {
    return JSON.stringify(JSON.parse(text === '' ? '{}' : text));
  } catch {
    return undefined;
  }
}
