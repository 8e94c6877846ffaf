import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../compile.ts';

describe('the worked run of the README', () => {
  it('holds and reports what its table says', async () => {
    const set = await compilePatterns([/ab+c/, /bb/].map((find) => ({ type: 'test', find })));
    const names = ['/ab+c/', '/bb/'];
    const rows: string[] = [];
    let reported = '';
    const scan = set.open((pattern, start, end) => void (reported = `\`${names[pattern]}\` from ${start} to ${end}`));
    for (const [at, unit] of 'xabbc'.split('').entries()) {
      reported = '';
      scan.write(unit);
      rows.push(`\`${unit}\` at ${at} | ${scan.hold} | ${reported}`);
    }
    const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8');
    const table = readme.split('\n').filter((line) => /^\| `.` at \d/.test(line));
    const columns = table.map((line) => line.split('|').map((cell) => cell.trim()));
    expect(columns.map((cells) => `${cells[1]} | ${cells[4]} | ${cells[5]}`)).toEqual(rows);
  });
});
