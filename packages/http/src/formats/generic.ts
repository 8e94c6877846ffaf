import { notice, wire, type StreamFormat } from './format.ts';
import { Shape } from './shape.ts';

/** What an application says of a stream that no format knows. */
export interface GenericOptions {
  /** Fields whose text continues from event to event, as paths inside the event's data (`result.token`). */
  readonly select?: readonly string[] | undefined;
  /** Fields that are values of their own, which nothing continues; `true`: all of them. */
  readonly rows?: true | readonly string[] | undefined;
}

/** For the many that say nothing. */
const UNKNOWN = new Shape();

/**
 * Streams of no known protocol: every value is judged by itself, and as what continues the earlier values of its path.
 */
export function generic({ select = [], rows = [] }: GenericOptions = {}): StreamFormat {
  const shape =
    select.length === 0 && rows !== true && rows.length === 0
      ? UNKNOWN
      : new Shape({
          continued: Object.fromEntries(select.map((path) => [path, 'text'])),
          ...(rows === true ? { otherwise: 'apart' } : { apart: rows }),
        });
  return {
    read: () => ({ shape }),
    left: () => undefined,
    // A name of its own: clients treat `error` as a lost connection and ask again, which is wrong after a block.
    ending: (problem) => [{ ...wire(notice(problem), 'governance'), final: true }],
  };
}
