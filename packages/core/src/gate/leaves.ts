/**
 * The leaves of one channel: texts of a structured stream, judged alone, as continuations of threads, or both.
 *
 *   write ─→ Leaves ─→ Reading of the leaf alone ─┐
 *               └───→ Reading of each thread ─────┤ match: mask in each leaf it touches · hold · stop
 *                                                 ↓
 *            Leaf.release: what no reading holds leaves, and frees what earlier leaves of the threads still held
 *
 * A thread keeps the leaves in which a match can still begin, and only as long as it can. Threads that hold nothing are
 * remembered for what stands on their left (`class` is no `ass`), up to a number; one that is forgotten reads the next
 * leaf as a beginning, which is stricter.
 */
import type { PlanPattern, TextPlan } from '../detection/plan.ts';
import type { Source } from '../detection/signals.ts';
import { Pace } from '../scanner/run/pace.ts';
import { type Allowance, unlimited } from './allowance.ts';
import type { ChannelHost } from './channel-host.ts';
import type { NamedText } from './facts.ts';
import { HELD_MASK, Leaf } from './leaf.ts';
import { endAll, LeafDetections, tickAll, writeAll } from './leaf-detections.ts';
import type { OpenRules } from './open-rules.ts';
import { Reading } from './reading.ts';
import type { LeafHandle, LeafInit, Piece } from './types.ts';

interface FoundMatch {
  readonly reading: Reading<Leaf>;
  readonly pattern: PlanPattern;
  readonly start: number;
  readonly end: number;
}

/** The most units that one of several readings of a leaf goes ahead of the others. */
const TURN = 4096;

/** Threads that hold nothing and are remembered. */
const MAX_IDLE = 64;

export class Leaves {
  readonly #plan: TextPlan;
  readonly #rules: OpenRules;
  readonly #host: ChannelHost;
  readonly #threads = new Map<string, Reading<Leaf>>();
  /** Names of threads that hold nothing, the longest unused first. */
  readonly #idle = new Set<string>();
  readonly #open = new Set<Leaf>();
  /** Leaves that have not left whole. */
  readonly #waiting = new Set<Leaf>();
  readonly #found: Leaf[] = [];
  /** Absent while no detector is code. */
  #detections: LeafDetections | undefined;
  #opened = 0;
  readonly #pace = new Pace(TURN);
  #held = 0;
  /** Set while a chunk is tried: matches are not applied before it is known that none of them stops the stream. */
  #tried: FoundMatch[] | undefined;
  #wouldStop = false;
  readonly #matched = (reading: Reading<Leaf>, pattern: PlanPattern, start: number, end: number): boolean =>
    this.#match(reading, pattern, start, end);

  constructor(plan: TextPlan, rules: OpenRules, host: ChannelHost) {
    this.#plan = plan;
    this.#rules = rules;
    this.#host = host;
  }

  /** Leaves in which something was found, as the facts name them, in the order they were opened. */
  get found(): readonly NamedText[] {
    return this.#found
      .toSorted((a, b) => a.order - b.order)
      .map(({ address, channel }): NamedText => ({ path: address!, channel }));
  }

  open({ path, threads = NO_THREADS, alone = true, row = false }: LeafInit, handle: LeafHandle): Leaf {
    const init = { path, channel: this.#host.channel, threads: [...new Set(threads)], isRow: row };
    const own = alone || threads.length === 0 ? new Reading<Leaf>(this.#plan, this.#matched) : undefined;
    const leaf = new Leaf(init, handle, this.#host.coverage.entryOf(path, this.#host.channel), own);
    if (this.#plan.code.length > 0) {
      this.#detections ??= new LeafDetections(this.#host, this.#rules, (one, source, start, end) =>
        this.#signal(one, source, start, end),
      );
      leaf.detections = this.#detections.of(leaf, this.#plan.code);
    }
    if (this.#rules.holdsAll) leaf.heldFrom = 0;
    leaf.order = this.#opened++;
    this.#open.add(leaf);
    if (this.#rules.stopsAtOnce) this.#host.stop();
    return leaf;
  }

  /** Text of a leaf, all of it at once. */
  write(leaf: Leaf, text: string, out: Piece<never>[]): void {
    this.writeSome(leaf, text, 0, unlimited(), out);
  }

  /** Text of a leaf, from index `from` on, as far as the allowance goes. Returns the index up to which it was taken. */
  writeSome(leaf: Leaf, text: string, from: number, allowance: Allowance, out: Piece<never>[]): number {
    const { maxHold, maxInput } = this.#host.policy;
    let at = from;
    while (at < text.length && !leaf.ended && !this.#host.stopped()) {
      const left = maxInput - leaf.arrived;
      if (left <= 0) {
        this.#host.exceed('INPUT_TOO_LARGE');
        break;
      }
      // Never more at once than what would take the held text one unit past its bound: where that happens cannot depend
      // on chunks.
      const room = Math.max(1, Math.min(left, maxHold.units + 1 - this.#held));
      const slice = at === 0 && text.length <= room ? text : text.slice(at, at + room);
      at += this.#feed(leaf, slice, allowance, out);
      if (this.#held > maxHold.units) this.#atBound(out);
      if (allowance.left <= 0 && !leaf.ended && !this.#host.stopped()) return at;
    }
    return text.length;
  }

  end(leaf: Leaf, out: Piece<never>[]): void {
    if (leaf.ended || this.#host.stopped()) return;
    leaf.ended = true;
    this.#open.delete(leaf);
    leaf.alone?.end();
    if (this.#host.stopped()) return;
    if (leaf.alone !== undefined) leaf.alone.over = true;
    endAll(leaf);
    this.#release(leaf, out);
    for (const name of leaf.threads) this.#rest(name);
  }

  lapse(leaf: Leaf, out: Piece<never>[]): void {
    this.end(leaf, out);
    for (const { reading, part } of leaf.places) {
      if (this.#host.stopped()) return;
      if (reading.frontier >= part.end || reading.lapsedAt === reading.position) continue;
      reading.lapsedAt = reading.position;
      reading.fork().end();
    }
    if (this.#host.stopped() || leaf.isOut) return;
    // A match that only the whole stream can judge, and a detector that has yet to answer, hold it all the same.
    leaf.floor = Math.min(leaf.arrived, leaf.heldFrom, ...leaf.detections.map((detection) => detection.frontier));
    const { released } = leaf;
    this.#release(leaf, out);
    if (leaf.released > released)
      this.#host.coverage.unjudged(leaf.entry, leaf.base + released, leaf.base + leaf.released, 'trail');
  }

  endThread(name: string, out: Piece<never>[]): void {
    const reading = this.#threads.get(name);
    if (reading === undefined || this.#host.stopped()) return;
    reading.end();
    if (this.#host.stopped()) return;
    this.#forget(name, reading);
    for (const { leaf } of reading.parts) this.#release(leaf, out);
  }

  /** No more text: every leaf and every thread ends. */
  endAll(out: Piece<never>[]): void {
    for (const leaf of this.#open) this.end(leaf, out);
    for (const name of this.#threads.keys()) this.endThread(name, out);
  }

  /** What code detectors have freed. */
  take(out: Piece<never>[]): void {
    for (const leaf of this.#waiting) this.#release(leaf, out);
  }

  /** After the decision: lets out what waited for the whole stream, with the edits made for it. */
  finish(
    edits: ReadonlyMap<string, readonly { readonly start: number; readonly end: number; readonly mask: string }[]>,
    out: Piece<never>[],
  ): void {
    for (const leaf of this.#waiting) {
      leaf.heldFrom = Number.POSITIVE_INFINITY;
      const mine = leaf.address === undefined ? undefined : edits.get(leaf.address);
      for (const { start, end, mask } of mine ?? [])
        leaf.mask({ start, end, type: '', mask }, start > 0 || end > leaf.continuedTo);
      this.#release(leaf, out);
    }
  }

  /** It is `now`: text that has waited for the clock of its windows is judged. */
  tick(now: number): void {
    for (const leaf of this.#waiting) tickAll(leaf, now);
  }

  /** True while the clock of a window may free text. */
  get waits(): boolean {
    for (const leaf of this.#waiting) if (leaf.detections.some((detection) => detection.waits)) return true;
    return false;
  }

  drop(): void {
    this.#waiting.clear();
    this.#open.clear();
    this.#threads.clear();
  }

  /**
   * Feeds as much of a text as the allowance covers; returns the units consumed, up to the one that stopped the stream
   * if one did.
   */
  #feed(leaf: Leaf, text: string, allowance: Allowance, out: Piece<never>[]): number {
    const alone = leaf.threads.length === 0 || (leaf.threads.length === 1 && leaf.alone === undefined);
    const turn = alone || text.length <= this.#pace.units ? text : text.slice(0, this.#pace.units);
    const readings = this.#place(leaf, turn.length);
    const { left } = allowance;
    if (!alone && !this.#tryAll(readings, turn, allowance)) return this.#feedUnits(leaf, readings, turn, out);
    const consumed = alone ? readings[0]!.writeSome(turn, allowance) : turn.length;
    if (!alone) this.#pace.took(left - allowance.left);
    // Its place in the reading was noted for all of the text.
    if (consumed < turn.length) readings[0]!.parts.at(-1)!.end -= turn.length - consumed;
    this.#arrived(leaf, readings, consumed === text.length ? text : text.slice(0, consumed), out);
    return consumed;
  }

  #arrived(leaf: Leaf, readings: readonly Reading<Leaf>[], text: string, out: Piece<never>[]): void {
    leaf.append(text);
    leaf.entry.length += text.length;
    if (leaf.detections.length === 0) leaf.entry.scanned += text.length;
    else writeAll(leaf, text);
    for (const reading of readings) if (reading.name !== undefined) this.#free(reading, leaf, out);
    this.#release(leaf, out);
  }

  /** The readings of the next `units` of a leaf, their places noted. */
  #place(leaf: Leaf, units: number): Reading<Leaf>[] {
    const readings: Reading<Leaf>[] = leaf.alone === undefined ? [] : [leaf.alone];
    for (const name of leaf.threads) {
      let thread = this.#threads.get(name);
      if (thread === undefined) this.#threads.set(name, (thread = new Reading<Leaf>(this.#plan, this.#matched, name)));
      this.#idle.delete(name);
      readings.push(thread);
    }
    for (const reading of readings) {
      const last = reading.parts.at(-1);
      if (last?.leaf === leaf) {
        last.end += units;
        continue;
      }
      const start = reading.position;
      const part = { leaf, start, end: start + units, shift: start - leaf.arrived };
      reading.parts.push(part);
      const known = leaf.places.find((place) => place.reading === reading && place.part.end <= reading.frontier);
      if (known === undefined) leaf.places.push({ reading, part });
      else known.part = part;
    }
    return readings;
  }

  /**
   * Several readings must stop at the same unit. Nearly never does one stop, so all are fed first and their matches
   * applied then. Returns false, and everything is as before, if one of them stops the stream in this text.
   */
  #tryAll(readings: readonly Reading<Leaf>[], text: string, allowance: Allowance): boolean {
    const copies = readings.map((reading) => (reading.position === 0 ? undefined : reading.fork()));
    const tried: FoundMatch[] = (this.#tried = []);
    this.#wouldStop = false;
    for (const reading of readings) {
      if (this.#wouldStop) break;
      const { work } = reading;
      reading.write(text);
      allowance.left -= reading.work - work;
    }
    this.#tried = undefined;
    if (!this.#wouldStop) {
      for (const { reading, pattern, start, end } of tried) this.#match(reading, pattern, start, end);
      return true;
    }
    for (const [index, reading] of readings.entries()) {
      const copy = copies[index];
      if (copy === undefined) reading.restart();
      else reading.rewind(copy);
    }
    return false;
  }

  #feedUnits(leaf: Leaf, readings: readonly Reading<Leaf>[], text: string, out: Piece<never>[]): number {
    for (let at = 0; at < text.length; at++) {
      const unit = text[at]!;
      for (const reading of readings) reading.write(unit);
      if (this.#host.stopped()) {
        leaf.append(unit);
        leaf.entry.length++;
        leaf.entry.scanned++;
        return at + 1;
      }
      this.#arrived(leaf, readings, unit, out);
    }
    return text.length;
  }

  #match(reading: Reading<Leaf>, pattern: PlanPattern, start: number, end: number): boolean {
    const { action, mask } = this.#rules.action(pattern.type, pattern.score);
    if (this.#tried !== undefined) {
      this.#tried.push({ reading, pattern, start, end });
      return action === 'stop' && (this.#wouldStop = true);
    }
    let explained = false;
    for (const part of reading.parts) {
      if (part.end <= start || part.start >= end) continue;
      const { leaf, shift } = part;
      const joined = start < part.start || end > part.end;
      const span = {
        start: Math.max(start, part.start) - shift,
        end: Math.min(end, part.end) - shift,
        type: pattern.type,
        mask,
      };
      const begins = start >= part.start;
      if (explained) continue;
      this.#signal(leaf, pattern, span.start, span.end, joined);
      explained = action === 'redact' && begins && leaf.isRow && leaf.masksTo(part.end - shift, span.start);
      if (action === 'redact') leaf.mask(span, begins);
      else if (action === 'hold') {
        leaf.heldFrom = Math.min(leaf.heldFrom, span.start);
        if (!begins) leaf.continuedTo = Math.max(leaf.continuedTo, span.end);
      }
    }
    if (action !== 'stop') return false;
    this.#host.stop();
    return true;
  }

  #signal(leaf: Leaf, source: Source, start: number, end: number, joined = false): void {
    if (leaf.address === undefined) {
      leaf.address = `${leaf.path}@${leaf.number}`;
      this.#found.push(leaf);
    }
    this.#host.facts.signal(source, leaf.address, start, end, joined);
  }

  /** Lets go of the leaves that a thread no longer holds, and of those in which no match can begin any more. */
  #free(reading: Reading<Leaf>, current: Leaf, out: Piece<never>[]): void {
    const { parts, frontier, finalBefore } = reading;
    let gone = 0;
    for (const part of parts) {
      if (part.start >= frontier) break;
      if (part.leaf !== current) this.#release(part.leaf, out);
      if (part.end <= finalBefore) gone++;
    }
    if (gone > 0) parts.splice(0, gone);
  }

  #release(leaf: Leaf, out: Piece<never>[]): void {
    const before = leaf.held;
    leaf.release(out);
    this.#held += leaf.held - before;
    if (leaf.isOut || leaf.released === leaf.arrived) this.#waiting.delete(leaf);
    else this.#waiting.add(leaf);
  }

  /** A thread that holds nothing is remembered for a while. */
  #rest(name: string): void {
    const reading = this.#threads.get(name);
    if (reading === undefined || reading.frontier < reading.position) return;
    this.#idle.add(name);
    if (this.#idle.size <= MAX_IDLE) return;
    const [oldest] = this.#idle;
    this.#forget(oldest!, this.#threads.get(oldest!)!);
  }

  #forget(name: string, reading: Reading<Leaf>): void {
    reading.over = true;
    this.#threads.delete(name);
    this.#idle.delete(name);
  }

  /**
   * Where the order of leaves is the caller's, none of them is the oldest: the policy's word holds for all that is
   * held.
   */
  #atBound(out: Piece<never>[]): void {
    const { then } = this.#host.policy.maxHold;
    if (then === 'block' || (then === 'match' && this.#host.mayStop())) return this.#host.exceed('MAX_HOLD');
    for (const leaf of this.#waiting) {
      const { released: start, arrived: end } = leaf;
      if (then === 'match') leaf.mask({ start, end, type: 'max_hold', mask: HELD_MASK }, true);
      else this.#host.coverage.unjudged(leaf.entry, leaf.base + start, leaf.base + end, 'max_hold');
      leaf.floor = end;
      leaf.heldFrom = Number.POSITIVE_INFINITY;
      this.#release(leaf, out);
    }
  }
}

const NO_THREADS: readonly string[] = [];
