import { CHANNELS, type Channel } from '../contract/event.ts';
import { FlyballError } from '../errors.ts';
import type { Gate } from '../gate/gate.ts';
import type { Leaf } from '../gate/leaf.ts';
import type { GateLeaf, LeafInit, Piece } from '../gate/types.ts';
import { SLICE_WORK } from '../scanner/run/work.ts';

/** What a leaf needs from its gate. */
export interface LeafHost<T> {
  /** Absent where nothing is judged. */
  readonly gate: Gate<T> | undefined;
  readonly enforces: boolean;
  /** False once the gate is not open any more. */
  takesText(): boolean;
  /**
   * Runs a step now, or behind what was put off; again, behind other work of the process, as long as it returns
   * `false`.
   */
  run(step: (out: Piece<T>[]) => boolean | void): void;
  take(): readonly Piece<T>[];
  arrived(channel: Channel, text: string): void;
}

/** A leaf as its adapter holds it. In modes `off` and `shadow` its text passes at once. */
export class GovernedLeaf<T> implements GateLeaf<T> {
  readonly path: string;
  readonly channel: Channel;
  readonly #host: LeafHost<T>;
  readonly #leaf: Leaf | undefined;
  #passed = 0;
  /** How far its pieces have been taken; what the gate has freed may wait for the record of the end, or be dropped. */
  #takenTo = 0;
  #ended = false;

  constructor(host: LeafHost<T>, init: LeafInit) {
    this.path = init.path;
    this.channel = init.channel ?? 'text';
    this.#host = host;
    if (host.takesText()) this.#leaf = host.gate?.openLeaf(init, this);
  }

  get done(): boolean {
    if (!this.#host.enforces) return this.#ended;
    return this.#leaf?.isOut === true && this.#takenTo >= this.#leaf.toldTo;
  }

  /** Called by its gate with each piece of it that leaves. */
  taken(to: number): void {
    this.#takenTo = to;
  }

  write(text: string): readonly Piece<T>[] {
    if (typeof text !== 'string')
      throw new FlyballError('EVENT_INVALID', `a leaf takes text, not ${typeof text}: write numbers as they stand`);
    if (!this.#host.takesText() || this.#ended || text === '') return this.#host.take();
    this.#host.arrived(this.channel, text);
    let at = 0;
    this.#host.run((out) => {
      at = this.#feed(text, at, out);
      return at === text.length;
    });
    return this.#host.take();
  }

  end(): readonly Piece<T>[] {
    if (!this.#ended && this.#host.takesText()) {
      this.#ended = true;
      this.#step((leaves, leaf, out) => leaves.end(leaf, out));
    }
    return this.#host.take();
  }

  lapse(): readonly Piece<T>[] {
    if (this.#host.takesText()) {
      this.#ended = true;
      this.#step((leaves, leaf, out) => leaves.lapse(leaf, out));
    }
    return this.#host.take();
  }

  /** Returns the index up to which the text was taken. */
  #feed(text: string, from: number, out: Piece<T>[]): number {
    const { gate, enforces } = this.#host;
    if (!enforces && from === 0) {
      const start = this.#passed;
      this.#passed += text.length;
      const { channel, path: block } = this;
      out.push({ kind: 'text', channel, block, text, from: start, to: this.#passed, edited: false, leaf: this });
    }
    const leaf = this.#leaf;
    let at = text.length;
    if (leaf !== undefined) {
      gate?.onLeaves(this.channel, out, (leaves, into) => {
        at = leaves.writeSome(leaf, text, from, { left: SLICE_WORK }, into);
      });
    }
    return at;
  }

  #step(
    step: (leaves: Parameters<Parameters<Gate<T>['onLeaves']>[2]>[0], leaf: Leaf, out: Piece<never>[]) => void,
  ): void {
    const leaf = this.#leaf;
    if (leaf === undefined) return;
    this.#host.run((out) => this.#host.gate?.onLeaves(this.channel, out, (leaves, into) => step(leaves, leaf, into)));
  }
}

/** Throws `EVENT_INVALID` with what is wrong. */
export function checkLeaf(init: LeafInit): void {
  const { path, channel = 'text', threads = [] } = init ?? {};
  if (typeof path !== 'string' || path === '' || path.length > MAX_PATH)
    throw new FlyballError('EVENT_INVALID', `a leaf needs a \`path\` of 1 to ${MAX_PATH} characters`);
  if (!CHANNELS.includes(channel) || (channel as Channel) === 'tool_input')
    throw new FlyballError('EVENT_INVALID', `a leaf belongs to channel text or reasoning, not \`${channel}\``);
  if (!Array.isArray(threads) || !threads.every((name) => typeof name === 'string'))
    throw new FlyballError('EVENT_INVALID', '`threads` of a leaf must be a list of names');
}

/** As paths of segments. */
const MAX_PATH = 4096;
