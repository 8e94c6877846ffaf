/** Asks the patterns of a set about candidates in complete texts: what stands around a candidate is there already. */
import type { Beginnings, MatchSink, TextScan } from '../scanner/types.ts';
import { Announcing } from './announcing.ts';
import { costOf, isOf } from './ask.ts';
import type { Asking, ContextPlan } from './context-plan.ts';
import { NEAR_AFTER, NEAR_BEFORE } from './key-worded.ts';
import { KeyWordsIn } from './key-word-watch.ts';
import { readFolded } from './read-as.ts';

/**
 * Work of the scanner after which the budget is looked at: asking is not part of it, and every few units of a hostile
 * text may be a candidate that a hundred recognisers are asked about.
 */
const STEP = 256;
/** Work of looking for key words around a candidate. */
const LOOKED = 10;

export class ContextTextScan implements TextScan {
  readonly #plan: ContextPlan;
  readonly #sink: MatchSink;
  readonly #inner: TextScan;
  #text = '';
  #work = 0;
  /** Of the text under way. */
  #words: KeyWordsIn | undefined;
  readonly #announcing: Announcing | undefined;

  constructor(plan: ContextPlan, sink: MatchSink) {
    this.#plan = plan;
    this.#sink = sink;
    this.#announcing = Announcing.of(plan);
    this.#inner = plan.inner.openTexts(this.#candidate, this.#begins);
  }

  get work(): number {
    return this.#inner.work + this.#work;
  }

  get stopped(): boolean {
    return this.#inner.stopped;
  }

  read(text: string, budget: number): boolean {
    this.#text = text;
    const last = this.work + budget;
    while (!this.#inner.read(text, Math.min(STEP, last - this.work))) if (this.work >= last) return false;
    this.#words = undefined;
    this.#announcing?.forget();
    return true;
  }

  /** What has to be announced begins nowhere else. */
  get #begins(): Beginnings | undefined {
    const announcing = this.#announcing;
    return announcing && ((pattern, from, to) => announcing.begins(this.#text, pattern, from, to));
  }

  /** The scanner found something: everybody who looks for it is asked. */
  readonly #candidate = (pattern: number, start: number, end: number, seen: number): boolean => {
    const { plain, asking, near, byHead, folded } = this.#plan.shared[pattern]!;
    if (plain !== undefined) return this.#sink(plain, start, end, seen) === true;
    const whom = near === undefined ? asking : this.#nearOnes(asking, near.others, start, end);
    if (whom.length === 0) return false;
    const text = this.#text;
    const written = text.slice(start, end);
    // Many ask about one candidate.
    let read: string | undefined;
    let stop = false;
    for (const { context, index, digits } of byHead === undefined ? whom : byHead.about(written)) {
      const match =
        folded && context.asWritten !== true ? (read ??= readFolded(written, this.#plan.folding!)) : written;
      if (digits !== undefined && !isOf(digits, match)) {
        this.#work++;
        continue;
      }
      const before = text.slice(Math.max(0, start - context.before), start);
      this.#work += costOf(context, end - start);
      let answer = context.accepts(match, before, undefined, written);
      if (answer === undefined) {
        this.#work += costOf(context, end - start);
        answer = context.accepts(match, before, text.slice(end, end + context.after), written);
      }
      if (answer === true && this.#sink(index, start, end, seen) === true) stop = true;
    }
    return stop;
  };

  /** Those who have a key word near, and all who need none. */
  #nearOnes(asking: readonly Asking[], others: readonly Asking[], start: number, end: number): readonly Asking[] {
    const text = this.#text;
    const words = (this.#words ??= new KeyWordsIn(this.#plan.watch()));
    this.#work += LOOKED;
    const before = words.near(text, start - NEAR_BEFORE, start);
    const after = words.near(text, end, Math.min(text.length, end + NEAR_AFTER));
    if (before === undefined && after === undefined) return others;
    return asking.filter(({ list }) => list === undefined || before?.has(list) === true || after?.has(list) === true);
  }
}
