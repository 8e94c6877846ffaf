import { styleText } from 'node:util';
import { shown, shownJson } from './shown.ts';

/** 0 yes · 1 no · 2 not run · 3 cannot say · 130 interrupted. One meaning each, in every command. */
export const EXIT = { yes: 0, no: 1, notRun: 2, cannotSay: 3, interrupted: 130 } as const;
export type Exit = (typeof EXIT)[keyof typeof EXIT];

type Style = Parameters<typeof styleText>[0];

/** Where a command writes: answers to one place, progress and notes to another, so that an answer can be piped. */
export interface Io {
  out(text: string): void;
  note(text: string): void;
  /** Coloured where the answers go to a terminal. */
  style(style: Style, text: string): string;
  /** Replaces the last progress; nothing where nobody watches. */
  progress(text: string): void;
}

/**
 * What a command found: `ok` and the exit code, for people as lines and for programs as one object of the same numbers.
 */
export interface Answer {
  readonly exit: Exit;
  readonly lines: readonly string[];
  readonly json: object;
}

/** A command that could not run: one sentence that says what to do. */
export class NotRun extends Error {}

export function processIo(): Io {
  const watched = process.stderr.isTTY;
  return {
    out: (text) => void process.stdout.write(`${text}\n`),
    note: (text) => void process.stderr.write(`${text}\n`),
    style: (style, text) => styleText(style, text, { stream: process.stdout }),
    progress: (text) => {
      if (watched) process.stderr.write(`\r\u001b[K${text}`);
    },
  };
}

export function print(io: Io, { exit, lines, json }: Answer, asJson: boolean): Exit {
  io.progress('');
  if (asJson) io.out(shownJson({ ok: exit === EXIT.yes, exit, ...json }));
  else for (const line of lines) io.out(shown(line));
  return exit;
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
