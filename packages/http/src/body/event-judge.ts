import type { OutputGate, Piece } from '@flyball/core/adapter';

import type { ValueRule } from '../formats/shape.ts';
import { CountedIds } from './counted-ids.ts';
import { argumentTexts } from './arguments-text.ts';
import { addPart, isText, valueOf, type Entry } from './entry.ts';
import type { EventValue } from './event-values.ts';
import type { Judging } from './judging.ts';
import { LEAF_PARTS, OpenValues } from './open-values.ts';
import { newPart, pass, type Part } from './part.ts';
import { isRepeatable, Template, type Piecewise } from './template.ts';
import { ToolInputs } from './tool-inputs.ts';

type Continued = Extract<ValueRule, { readonly how: 'continued' }>;

/** What is asked of a piece of a text, wherever it was found. */
type OnePiece = Omit<Piecewise, 'value'> & { readonly value: Pick<EventValue, 'path' | 'text'> };

/** Values of one event that are judged before other work of the process gets a turn: some milliseconds at most. */
const JUDGED_AT_ONCE = 500;

/**
 * Takes the values of events to the gate: pieces of a text that the protocol is known to cut as one text per block,
 * tool input when it is complete, and every other value as a leaf. What the gate lets out goes to the parts of events.
 */
export class EventJudge {
  /** The last event, where others that equal it but for one string need not be parsed. */
  template: Template | undefined;
  readonly #gate: OutputGate<Part>;
  readonly #open: OpenValues;
  readonly #inputs: ToolInputs;
  readonly #ids = new CountedIds();
  /** Released text that no event has claimed yet, by block. */
  #released: Map<string, string> | undefined;
  /** Blocks that have begun: what tells them apart, and where their text goes. */
  readonly #blocks = new Map<string, { readonly ids: string; readonly rule: ValueRule; readonly block: string }>();

  /** `rows`: values of events are more likely rows than pieces. */
  constructor(gate: OutputGate<Part>, rows: boolean) {
    this.#gate = gate;
    this.#open = new OpenValues(gate, rows, (pieces) => this.collect(pieces));
    this.#inputs = new ToolInputs(this.#open);
  }

  /** The stream is complete, and with it the input of every tool. */
  endInputs(): void {
    this.#inputs.endAll();
  }

  /** False when something in the input of a tool would have to be masked. */
  settleInputs(): boolean {
    return this.#inputs.settle();
  }

  /** What stands beside the data of an event. An id that counts on says nothing new. */
  judgeFields(entry: Entry): void {
    const { id, fields = [] } = entry.frame;
    const counted = id !== undefined && this.#ids.follows(id);
    for (const text of fields) {
      if (text !== '' && !(counted && text === id))
        this.#open.judgeName(addPart(entry, newPart('field', text, true, false)));
    }
  }

  /** Judges the values of an event, a stretch of them. False while some are left. */
  judge(judging: Judging): boolean {
    if (judging.at === 0) this.template = undefined;
    if (!judging.find()) return false;
    const { entry, reading, values, varying } = judging;
    const stop = judging.at + JUDGED_AT_ONCE;
    const total = values.length;
    // INVARIANT: a value behind the one that stops the stream is a part too: what was not looked at does not leave.
    for (; judging.at < total; judging.at++) {
      if (judging.at === stop) return false;
      this.#judgeValue(judging, values[judging.at]!);
    }
    if (judging.at === total && isRepeatable(reading)) this.template = this.#templateOf(entry, varying);
    // What continues a text comes last: when it stops the stream, the rest of its event has been judged.
    for (; judging.at < total + varying.length && this.#gate.terminal === undefined; judging.at++) {
      if (judging.at === stop) return false;
      this.continue(entry, varying[judging.at - total]!);
    }
    // The same for pieces, which are cut out of it.
    for (const { value, rule } of varying.slice(judging.at - total))
      addPart(entry, newPart(value.path, value.text, false, rule.how === 'continued'));
    this.#endBlocks(reading.ends ?? []);
    return true;
  }

  #judgeValue({ entry, reading: { shape }, byPath, identities, varying }: Judging, value: EventValue): void {
    const { path, kind, text } = value;
    if (text === '' || (kind === 'key' && shape.names.has(text))) return;
    const { rule, ids, repeats } = shape.planOf(path);
    if (repeats) entry.repeats = true;
    if (rule?.how === 'exempt') return;
    if (rule !== undefined && 'name' in rule && (kind === 'value' || kind === 'raw')) {
      varying.push({ value, rule, ids: ids.map((id) => `[${valueOf(byPath, id)}]`).join('') });
      return;
    }
    const inside = rule?.how === 'apart' ? argumentTexts(value) : undefined;
    if (inside !== undefined) {
      // As the input of tools that streams: read decoded, and no mask fits into it.
      for (const one of inside.segments)
        if (one.text !== '') this.#open.judgeApart(addPart(entry, newPart(one.path, one.text, true, false)));
      return;
    }
    const fixed = kind === 'key' || kind === 'number';
    const part = addPart(entry, newPart(path, text, fixed, !fixed && rule === undefined && TOKEN.test(path)));
    if (kind === 'key') this.#open.judgeName(part);
    else if (kind === 'number' || rule?.how === 'apart' || (rule === undefined && shape.otherwise === 'apart'))
      this.#open.judgeApart(part);
    else this.#open.judge(part, identities.of(path));
  }

  /** A piece of a text, or of the input of a tool. */
  continue(entry: Entry, { value: { path, text }, rule, ids }: OnePiece): void {
    const block = `${rule.name}${ids}`;
    const key = rule.how === 'continued' ? rule.channel + block : block;
    if (!this.#blocks.has(key)) this.#blocks.set(key, { ids, rule, block });
    if (rule.how === 'input') return this.#inputs.add(block, addPart(entry, newPart(path, text, false, false)));
    if (rule.how !== 'continued') return;
    this.mark(entry, path, text, rule, block, this.#gate.write(rule.channel, block, text));
  }

  /** Nearly all text passes at once and whole: it needs no mark to find its event again. */
  mark(entry: Entry, path: string, text: string, rule: Continued, block: string, pieces: readonly Piece<Part>[]): void {
    const part = addPart(entry, newPart(path, text, false, true));
    part.block = rule.channel + block;
    // Were earlier text of the block still on its way, that text's mark would be among the pieces.
    if (pieces.length === 1 && isText(pieces[0]!, block, text)) return pass(part);
    this.collect(pieces);
    if (this.#gate.terminal === undefined) this.collect(this.#gate.attach(part, { channel: rule.channel, block }));
  }

  /** Called before the pieces of texts are judged: everything else of the event must have been found clean by then. */
  #templateOf({ frame, parts, repeats }: Entry, varying: readonly Piecewise[]): Template | undefined {
    const isClean = varying.length === 1 && !repeats && parts.every(({ done }) => done);
    return isClean ? Template.of(frame, varying[0]!, this.#ids) : undefined;
  }

  /** `ends`: how what tells the blocks apart begins. An event may end as many blocks as it has values. */
  #endBlocks(ends: readonly string[]): void {
    if (ends.length === 0 || this.#gate.terminal !== undefined) return;
    const all = new Set(ends);
    for (const [key, { ids, rule, block }] of this.#blocks) {
      if (!beginsWithOneOf(ids, all)) continue;
      this.#blocks.delete(key);
      if (rule.how === 'input') this.#inputs.end(block);
      else if (rule.how === 'continued') this.collect(this.#gate.endBlock(rule.channel, block));
      if (this.#gate.terminal !== undefined) return;
    }
  }

  /** Takes what the gate lets out to the parts it belongs to. */
  collect(pieces: readonly Piece<Part>[]): void {
    for (const piece of pieces) {
      if (piece.kind === 'attachment') {
        piece.value.released = this.claim(piece.value.block!);
        piece.value.done = true;
      } else if (piece.leaf !== undefined) {
        const part = LEAF_PARTS.get(piece.leaf);
        if (part !== undefined) part.released = (part.released ?? '') + piece.text;
      } else {
        const block = piece.channel + piece.block;
        const all = (this.#released ??= new Map<string, string>());
        all.set(block, (all.get(block) ?? '') + piece.text);
      }
    }
  }

  /** What has been released of a block since it was last asked for. */
  claim(block: string): string {
    const text = this.#released?.get(block) ?? '';
    this.#released?.delete(block);
    return text;
  }
}

/** Where the pieces of an unknown stream's text usually stand: half of one may leave when the stream is stopped. */
const TOKEN = /^data(?:\.(?:delta|text|content|token|message|response|output|answer|chunk))*$/;

/** True where one of `beginnings`, each of which ends in a bracket, begins `ids`; an empty one begins all. */
function beginsWithOneOf(ids: string, beginnings: ReadonlySet<string>): boolean {
  if (beginnings.has('')) return true;
  for (let end = ids.indexOf(']'); end >= 0; end = ids.indexOf(']', end + 1))
    if (beginnings.has(ids.slice(0, end + 1))) return true;
  return false;
}
