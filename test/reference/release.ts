/**
 * What a gate must release, by the book (contract, section 4): the executable specification of streaming enforcement.
 *
 * It buffers everything, knows every match, and then says for each moment what must have left by then (G5, G6: nothing
 * waits needlessly) and what may have left (G2: no unit of a match). One moment is one UTF-16 unit arriving, one block
 * ending, or the end of one kind of text, so how the text was cut into chunks cannot matter (G1). The end of the stream
 * ends the kinds in the order they began, each block of a kind first.
 */
import type { Fold, KnownSpan, ReferencePattern } from './text-model.ts';
import { TextModel } from './text-model.ts';
import { isHigh, isLow } from './symbols.ts';

/** What a match of a type does. `none` only listens: it holds nothing. */
export type Reaction =
  | { readonly kind: 'none' }
  | { readonly kind: 'stop' }
  | { readonly kind: 'redact'; readonly mask: string };

/** Text of a block arrives, or the block ends. */
export type Arrival =
  | { readonly channel: string; readonly block: string; readonly text: string }
  | { readonly channel: string; readonly block: string; readonly ends: true };

/** What one block must look like. */
export interface BlockRelease {
  readonly channel: string;
  readonly block: string;
  /** Everything that leaves in the end, masks in place. */
  readonly text: string;
  /**
   * By moment: how much of `text` has left at least, and at most. They differ only by a mask that may leave now or
   * later.
   */
  readonly least: readonly number[];
  readonly most: readonly number[];
}

export interface Release {
  readonly blocks: readonly BlockRelease[];
  /**
   * The moment at which the stream was stopped, by a match or by its bound; nothing leaves after it, and nothing of the
   * match in it.
   */
  readonly stoppedAt: number | undefined;
  /** Number of moments. */
  readonly moments: number;
}

export interface ReleaseOptions {
  readonly fold?: Fold;
  /** A stream that would have to hold more units of a kind than this is stopped. */
  readonly maxHold?: number;
}

/** All text of a kind is one text, and so is each of its blocks. */
interface Kind {
  readonly channel: string;
  readonly model: TextModel;
  readonly blocks: Block[];
  /** Whose unit stands at each place. */
  readonly owners: Block[];
}

interface Block {
  readonly id: string;
  readonly kind: Kind;
  readonly model: TextModel;
  readonly units: string[];
  /** Where each unit stands in the text of the kind. */
  readonly places: number[];
  ended: boolean;
  readonly history: Snapshot[];
}

/** How things stood for a block after a moment. */
interface Snapshot {
  readonly arrived: number;
  readonly ended: boolean;
  readonly hold: number;
  readonly kindHold: number;
  readonly spans: number;
  readonly kindSpans: number;
}

export function release(
  patterns: readonly ReferencePattern[],
  reactionTo: (type: string) => Reaction,
  arrivals: readonly Arrival[],
  { fold = () => undefined, maxHold = Number.POSITIVE_INFINITY }: ReleaseOptions = {},
): Release {
  const voting = patterns.filter(({ type }) => reactionTo(type).kind !== 'none');
  const kinds: Kind[] = [];
  let moments = 0;
  let stoppedAt: number | undefined;

  /** Ends a moment: false when a match has stopped the stream in it. */
  const passes = (): boolean => {
    const stop = kinds.some(({ model, blocks }) =>
      [model, ...blocks.map((block) => block.model)].some(({ spans }) =>
        spans.some(({ pattern }) => reactionTo(voting[pattern]!.type).kind === 'stop'),
      ),
    );
    if (stop) {
      stoppedAt = moments++;
      return false;
    }
    for (const kind of kinds) for (const block of kind.blocks) block.history[moments] = snapshot(block);
    moments++;
    const isOverBound = kinds.some(
      ({ blocks }) => blocks.reduce((units, block) => units + heldUnits(block), 0) > maxHold,
    );
    if (isOverBound) stoppedAt = moments - 1;
    return !isOverBound;
  };

  const run = (): void => {
    for (const arrival of arrivals) {
      const block = blockOf(kinds, arrival, () => new TextModel(voting, fold));
      if ('ends' in arrival) {
        endBlock(block);
        if (!passes()) return;
        continue;
      }
      for (let i = 0; i < arrival.text.length; i++) {
        arrive(block, arrival.text[i]!);
        if (!passes()) return;
      }
    }
    for (const kind of kinds) {
      for (const block of kind.blocks) {
        if (block.ended) continue;
        endBlock(block);
        if (!passes()) return;
      }
      kind.model.end();
      if (!passes()) return;
    }
  };
  run();

  const blocks = kinds.flatMap((kind) => blockReleases(kind, voting, reactionTo, moments));
  return { blocks, stoppedAt, moments };
}

function blockOf(kinds: Kind[], { channel, block: id }: Arrival, model: () => TextModel): Block {
  let kind = kinds.find((other) => other.channel === channel);
  if (kind === undefined) kinds.push((kind = { channel, model: model(), blocks: [], owners: [] }));
  let block = kind.blocks.find((other) => other.id === id);
  if (block === undefined)
    kind.blocks.push((block = { id, kind, model: model(), units: [], places: [], ended: false, history: [] }));
  return block;
}

function arrive(block: Block, unit: string): void {
  block.places.push(block.kind.owners.push(block) - 1);
  block.units.push(unit);
  block.kind.model.write(unit);
  block.model.write(unit);
}

function endBlock(block: Block): void {
  block.ended = true;
  block.model.end();
}

function snapshot({ units, ended, model, kind }: Block): Snapshot {
  return {
    arrived: units.length,
    ended,
    hold: model.hold,
    kindHold: kind.model.hold,
    spans: model.spans.length,
    kindSpans: kind.model.spans.length,
  };
}

/** A union of overlapping or touching spans. `first` names the mask: smallest end, then smallest start, then type. */
interface Region {
  readonly start: number;
  end: number;
  first: KnownSpan;
  /** Its mask has been placed, or it continues behind another mask. */
  placed: boolean;
}

function regionsOf(spans: readonly KnownSpan[], typeOf: (span: KnownSpan) => string): Region[] {
  const regions: Region[] = [];
  for (const span of [...spans].sort((a, b) => a.start - b.start || a.end - b.end)) {
    const last = regions.at(-1);
    if (last === undefined || span.start > last.end) {
      regions.push({ start: span.start, end: span.end, first: span, placed: false });
      continue;
    }
    last.end = Math.max(last.end, span.end);
    const order = span.end - last.first.end || span.start - last.first.start;
    if (order < 0 || (order === 0 && typeOf(span) < typeOf(last.first))) last.first = span;
  }
  return regions;
}

const regionAt = (regions: readonly Region[], place: number): Region | undefined =>
  regions.find(({ start, end }) => start <= place && place < end);

/** Everything the blocks of a kind show, unit by unit in the order of arrival, and when. */
function blockReleases(
  kind: Kind,
  patterns: readonly ReferencePattern[],
  reactionTo: (type: string) => Reaction,
  moments: number,
): BlockRelease[] {
  const typeOf = ({ pattern }: KnownSpan): string => patterns[pattern]!.type;
  const maskOf = (region: Region): string => {
    const reaction = reactionTo(typeOf(region.first));
    return reaction.kind === 'redact' ? reaction.mask : '';
  };
  // What is known when the stream ends or stops. A match that stopped it masks nothing: its text stays inside.
  const known = (model: TextModel, count: number): Region[] => regionsOf(model.spans.slice(0, count), typeOf);
  const inKind = known(kind.model, Math.max(0, ...kind.blocks.map(({ history }) => history.at(-1)?.kindSpans ?? 0)));
  const own = new Map(kind.blocks.map((block) => [block, known(block.model, block.history.at(-1)?.spans ?? 0)]));
  const shown = new Map<Block, string[]>(kind.blocks.map((block) => [block, []]));

  for (const [place, block] of kind.owners.entries()) {
    const at = shown.get(block)!.length;
    const ownRegions = own.get(block)!;
    const mine = regionAt(ownRegions, at);
    const shared = regionAt(inKind, place);
    const isCovered = mine !== undefined || shared !== undefined;
    const wasCovered =
      at > 0 && (regionAt(ownRegions, at - 1) ?? regionAt(inKind, block.places[at - 1]!)) !== undefined;
    let text = isCovered ? '' : block.units[at]!;
    if (isCovered && !wasCovered && shared?.placed !== true) {
      const shift = place - at;
      const byKind = shared !== undefined && (mine === undefined || shared.first.end - shift <= mine.first.end);
      text = maskOf(byKind ? shared : mine!);
    }
    if (shared !== undefined) shared.placed = true;
    shown.get(block)!.push(text);
  }
  return kind.blocks.map((block) => blockRelease(block, shown.get(block)!, moments));
}

function blockRelease(block: Block, shown: readonly string[], moments: number): BlockRelease {
  const lengths = [0];
  for (const text of shown) lengths.push(lengths.at(-1)! + text.length);
  const least: number[] = [];
  const most: number[] = [];
  for (let moment = 0; moment < moments; moment++) {
    const then = block.history[moment] ?? (least.length > 0 ? undefined : EMPTY);
    if (then === undefined) {
      // Stopped: what had left stays, nothing follows.
      least.push(least.at(-1)!);
      most.push(most.at(-1)!);
      continue;
    }
    const open = heldFrom(block, then);
    let before = open;
    while (before > 0 && isMasked(block, then, before - 1)) before--;
    const after = maskedTo(block, then, open);
    least.push(lengths[before]!);
    most.push(lengths[after]!);
  }
  return { channel: block.kind.channel, block: block.id, text: shown.join('').slice(0, most.at(-1) ?? 0), least, most };
}

const EMPTY: Snapshot = { arrived: 0, ended: false, hold: 0, kindHold: 0, spans: 0, kindSpans: 0 };

/** The first unit of the block that must wait. */
function heldFrom(block: Block, then: Snapshot): number {
  let open = 0;
  while (open < then.arrived && open < then.hold && block.places[open]! < then.kindHold) open++;
  if (open === 0 || !isHigh(block.units[open - 1]!.charCodeAt(0)) || isMasked(block, then, open - 1)) return open;
  // A surrogate pair leaves whole.
  const isHalf = open < then.arrived ? isLow(block.units[open]!.charCodeAt(0)) : !then.ended;
  return isHalf ? open - 1 : open;
}

/** The end of the run of masked units that begins here. */
function maskedTo(block: Block, then: Snapshot, from: number): number {
  let to = from;
  while (to < then.arrived && isMasked(block, then, to)) to++;
  return to;
}

/** Units of the block that wait. Those that are known to be masked do not: nobody will see them. */
function heldUnits(block: Block): number {
  const now = snapshot(block);
  return now.arrived - maskedTo(block, now, heldFrom(block, now));
}

/** The unit is known to be part of a match, whatever follows. */
function isMasked({ model, kind, places }: Block, then: Snapshot, at: number): boolean {
  const covers = (spans: readonly KnownSpan[], count: number, place: number): boolean => {
    for (let i = 0; i < count; i++) if (spans[i]!.start <= place && place < spans[i]!.end) return true;
    return false;
  };
  return covers(model.spans, then.spans, at) || covers(kind.model.spans, then.kindSpans, places[at]!);
}
