import type { LanguageModelV4StreamPart as Part } from '@ai-sdk/provider';

/** Where governed parts go: a stream's controller, or a list. */
export interface Sink {
  enqueue(part: Part): void;
  close(): void;
}

/** The way out of a governed stream: knows what it has opened, and can hold parts back in order. */
export interface Outlet {
  /** Number of parts that have left: tells a reader whether to go on reading. */
  readonly sent: number;
  /** Text has left, of whatever block. */
  readonly spoken: boolean;
  /** Parts held since `hold()`. */
  readonly held: readonly Part[] | undefined;
  send(part: Part): void;
  /** Past everything that waits. */
  pass(part: Part): void;
  /** From here on every part waits, so that order is kept. */
  hold(): void;
  /** Lets these parts go in place of the held ones. */
  release(parts: readonly Part[]): void;
  /** Ends for everything that has begun to leave and has not ended. */
  closers(): Part[];
}

const CLOSING = {
  'text-start': 'text-end',
  'reasoning-start': 'reasoning-end',
  'tool-input-start': 'tool-input-end',
} as const;

export function createOutlet(sink: Sink): Outlet {
  const open = new Map<string, Part>();
  let held: Part[] | undefined;
  let sent = 0;
  let spoken = false;

  const leave = (part: Part): void => {
    switch (part.type) {
      case 'text-start':
      case 'reasoning-start':
      case 'tool-input-start':
        open.set(`${CLOSING[part.type]}:${part.id}`, { type: CLOSING[part.type], id: part.id });
        break;
      case 'text-end':
      case 'reasoning-end':
      case 'tool-input-end':
        open.delete(`${part.type}:${part.id}`);
        break;
      case 'text-delta':
        spoken = true;
        break;
      default:
    }
    sent++;
    sink.enqueue(part);
  };

  return {
    get sent() {
      return sent;
    },
    get spoken() {
      return spoken;
    },
    get held() {
      return held;
    },
    send: (part) => {
      if (held === undefined) leave(part);
      else held.push(part);
    },
    pass: leave,
    hold: () => {
      held ??= [];
    },
    release: (parts) => {
      held = undefined;
      for (const part of parts) leave(part);
    },
    closers: () => [...open.values()],
  };
}
