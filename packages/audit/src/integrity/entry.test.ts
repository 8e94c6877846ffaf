import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { entriesInFile } from '../log/read-export.ts';
import { entryLine, parseEntryLine, type LogEntry } from './entry.ts';

const SALT = Buffer.alloc(16, 7);
const entryOf = (seq: number, body: string): LogEntry => ({ seq, salt: SALT, body });

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-entries-'))));
afterEach(() => rmSync(folder, { recursive: true }));

describe('a line of an export', () => {
  it('A3: holds a record of any length, whatever has to be escaped in it', () => {
    const entries = [
      entryOf(0, '{"kind":"log"}'),
      entryOf(1, JSON.stringify({ text: 'a"\\\u0001é😀'.repeat(2 ** 20) })),
      { seq: 2, commitment: Buffer.alloc(32, 9) },
      entryOf(3, ''),
    ];
    const file = join(folder, 'entries.jsonl');
    writeFileSync(file, entries.map((entry) => `${entryLine(entry)}\n`).join(''));
    const read = [...entriesInFile(file)];
    expect(read.map((entry) => entry?.seq)).toEqual([0, 1, 2, 3]);
    expect(read.map((entry) => entryLine(entry!)).join() === entries.map(entryLine).join()).toBe(true);
  });

  it('has an end: what breaks off is no entry, however much of it there is', () => {
    const file = join(folder, 'entries.jsonl');
    writeFileSync(file, `${entryLine(entryOf(0, '{}'))}\n${'x'.repeat(3 * 2 ** 20)}`);
    expect([...entriesInFile(file)].map((entry) => entry?.seq)).toEqual([0, undefined]);
  });

  const line = entryLine(entryOf(4, '{"a":"b"}'));
  it.each([
    ['another spelling of a character', line.replace('\\"a', '\\u0022a')],
    ['a blank behind the record', line.replace(/\}$/, ' }')],
    ['a second member', line.replace(/\}$/, ',"x":1}')],
    ['no brace at its end', line.slice(0, -1)],
    ['another brace at its end', `${line}}`],
    ['a number in place of the record', line.replace(/"body":.*\}$/, '"body":1}')],
    ['half a character', line.replace('\\"b', '\\ud800b')],
    ['a number with a zero in front', line.replace('"seq":4', '"seq":04')],
  ])('with %s is no entry', (_what, text) => {
    expect(text).not.toBe(line);
    expect(parseEntryLine(Buffer.from(text))).toBeUndefined();
    expect(parseEntryLine(Buffer.from(line))).toBeDefined();
  });
});
