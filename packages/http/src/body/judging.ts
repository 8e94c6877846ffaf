import type { JsonTextReader } from '@flyball/core/adapter';

import type { EventReading } from '../formats/format.ts';
import type { Entry } from './entry.ts';
import { Identities, ValuesByPath, type EventContent, type EventValue } from './event-values.ts';
import type { Piecewise } from './template.ts';

/** Values of one event that are found before other work of the process gets a turn: some milliseconds at most. */
const FOUND_AT_ONCE = 1_000;

/** The values of one event on their way to the gate, in stretches. */
export class Judging {
  readonly entry: Entry;
  readonly reading: EventReading;
  /** Pieces of texts that run on: judged when all other values are. */
  readonly varying: Piecewise[] = [];
  /** The next of the values, and then of the pieces. */
  at = 0;
  declare values: readonly EventValue[];
  declare byPath: ValuesByPath;
  declare identities: Identities;
  #reader: JsonTextReader | undefined;

  constructor(entry: Entry, reading: EventReading, { values, reader }: EventContent) {
    this.entry = entry;
    this.reading = reading;
    this.#reader = reader;
    if (values !== undefined) this.#found(values);
  }

  /** Looks for values, a stretch. True where all of them were found before. */
  find(): boolean {
    if (this.#reader === undefined) return true;
    const read = this.#reader.run(FOUND_AT_ONCE);
    if (read !== undefined) this.#found(read.segments);
    return false;
  }

  #found(values: readonly EventValue[]): void {
    this.#reader = undefined;
    this.values = values;
    this.byPath = new ValuesByPath(values);
    this.identities = new Identities(this.entry.frame.name, values);
  }
}
