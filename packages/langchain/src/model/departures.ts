// Chunks on their way out, in the order in which they came: one that waits makes what follows it wait.

/** Whether a chunk may leave. */
export interface Ticket<C> {
  readonly ready: boolean;
  /** It has waited long enough for what may be continued. */
  lapse?(): void;
  /** The chunk as it leaves, when it is ready; `undefined`: nothing of it. */
  leave(chunk: C): C | undefined;
}

/** Later chunks that one waits for, where what it says beside its text may be continued. */
const WINDOW = 8;

interface Waiting<C> {
  readonly chunk: C;
  readonly tickets: readonly Ticket<C>[];
  /** Its number in the stream. */
  readonly at: number;
}

const NONE: readonly never[] = [];

export class Departures<C extends object> {
  readonly #tickets = new WeakMap<C, readonly Ticket<C>[]>();
  readonly #queue: Waiting<C>[] = [];
  #at = 0;

  get isEmpty(): boolean {
    return this.#queue.length === 0;
  }

  /** A chunk has come: those that have waited for `WINDOW` of them wait no longer. */
  arrived(): void {
    this.#at++;
    for (const { tickets, at } of this.#queue) {
      if (this.#at - at < WINDOW) return;
      for (const ticket of tickets) if (!ticket.ready) ticket.lapse?.();
    }
  }

  /** The chunk leaves only with this ticket, and with those it has. */
  hold(chunk: C, ticket: Ticket<C>): void {
    this.#tickets.set(chunk, [...this.#ticketsOf(chunk), ticket]);
  }

  /** What is left of a chunk waits for what the chunk waits for. */
  pass(from: C, to: C): void {
    if (from !== to && this.#tickets.has(from)) this.#tickets.set(to, this.#ticketsOf(from));
  }

  send(chunk: C, out: C[]): void {
    const tickets = this.#ticketsOf(chunk);
    if (tickets.length === 0 && this.#queue.length === 0) out.push(chunk);
    else {
      this.#queue.push({ chunk, tickets, at: this.#at });
      this.drain(out);
    }
  }

  /** Those whose turn has come. */
  drain(out: C[]): void {
    while (this.#queue.length > 0 && isReady(this.#queue[0]!)) leave(this.#queue.shift()!, out);
  }

  /** The stream was stopped: what waits for nothing leaves, and nothing else. */
  cut(out: C[]): void {
    for (const waiting of this.#queue) if (isReady(waiting)) leave(waiting, out);
    this.#queue.length = 0;
  }

  /** A chunk that was kept elsewhere, as it leaves now that everything is decided; `undefined`: nothing of it. */
  settle(chunk: C): C | undefined {
    let left: C | undefined = chunk;
    for (const ticket of this.#ticketsOf(chunk)) left = left === undefined ? undefined : ticket.leave(left);
    return left;
  }

  #ticketsOf(chunk: C): readonly Ticket<C>[] {
    return this.#tickets.get(chunk) ?? NONE;
  }
}

const isReady = ({ tickets }: Waiting<object>): boolean => tickets.every(({ ready }) => ready);

function leave<C>({ chunk, tickets }: Waiting<C>, out: C[]): void {
  let left: C | undefined = chunk;
  for (const ticket of tickets) left = left === undefined ? undefined : ticket.leave(left);
  if (left !== undefined) out.push(left);
}
