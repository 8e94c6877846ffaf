// Sentences of a page, for the rule that none is too long to follow.

export interface Sentence {
  readonly line: number;
  readonly text: string;
  readonly words: number;
}

/** Sentences of the running text, of list items and of cells. Code counts as one word where it stands in a line. */
export function sentencesOf(page: string): readonly Sentence[] {
  const blank = (block: string): string => block.replace(/[^\n]/g, '');
  const prose = page.replace(/^---\n[^]*?^---\n/, blank).replace(/^ *```[^]*?^ *```/gm, blank);
  const paragraphs: { readonly line: number; text: string }[] = [];
  let isOpen = false;
  for (const [index, whole] of prose.split('\n').entries()) {
    const text = whole.trim();
    const line = index + 1;
    if (text.startsWith('|')) paragraphs.push(...text.split(/(?<!\\)\|/).map((cell) => ({ line, text: cell })));
    const ends = text === '' || /^(?:\||#|<!--)/.test(text);
    const item = /^(?:[-*]|\d+\.) /.exec(text)?.[0];
    if (!ends && (item !== undefined || !isOpen)) paragraphs.push({ line, text: text.slice(item?.length ?? 0) });
    else if (!ends) paragraphs.at(-1)!.text += ` ${text}`;
    isOpen = !ends;
  }
  return paragraphs.flatMap(({ line, text }) =>
    text
      .split(/(?<=[.!?:;][)*"”]*)\s+(?=[^a-z])/)
      .map((sentence) => ({ line, text: sentence, words: wordsIn(sentence) })),
  );
}

function wordsIn(sentence: string): number {
  const bare = sentence.replace(/`[^`]*`/g, 'code').replace(/\]\([^)]*\)/g, ']');
  return bare.split(/\s+/).filter((word) => /\w/.test(word)).length;
}
