import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { unicodeTables as generate } from '../../../scripts/unicode-tables.ts';
import { standardFolding, unicodeTables } from './unicode.ts';

describe('the Unicode tables', () => {
  it('are what the generator makes of the data packages', async () => {
    expect(readFileSync(new URL('unicode-tables.ts', import.meta.url), 'utf8')).toBe(await generate());
  });

  it('fold nothing of ASCII, and to units that are not folded again', () => {
    const folding = standardFolding();
    let last = 0x7f;
    for (const [codePoint, units] of folding.entries()) {
      expect(codePoint).toBeGreaterThan(last);
      last = codePoint;
      for (const unit of units)
        if (folding.read(unit) !== undefined) throw new Error(`U+${codePoint.toString(16)} folds twice`);
    }
    expect(last).toBeGreaterThan(0xe0000);
  });

  it('fold compatibility forms as NFKC does, where the platform knows the character', () => {
    const folding = standardFolding();
    for (const character of 'ａＺ９：ﬁﬄ㎏㏒①⓪Ⅷ𝐚𝒵𝟘ｶ') {
      const read = folding.read(character.codePointAt(0)!);
      expect(String.fromCharCode(...(read ?? [])), character).toBe(character.normalize('NFKC'));
    }
  });

  it('join what UAX #29 joins', () => {
    const { joinedTo } = unicodeTables();
    for (const joined of 'aZ9_éжא\u0301한') expect(joinedTo(joined.codePointAt(0)!), joined).toBeDefined();
    for (const apart of ' .-😀漢ひก') expect(joinedTo(apart.codePointAt(0)!), apart).toBeUndefined();
  });

  it('know the case of letters as the flags `iu` do', () => {
    const { caseVariants } = unicodeTables();
    for (const letter of 'aKsßσςǅéд𐐨ſÅ') {
      const code = letter.codePointAt(0)!;
      const expression = new RegExp(`^\\u{${code.toString(16)}}$`, 'iu');
      const expected = Array.from({ length: 0x1f000 }, (_, i) => i).filter((i) =>
        expression.test(String.fromCodePoint(i)),
      );
      expect(
        [...caseVariants(code)].toSorted((a, b) => a - b),
        letter,
      ).toEqual(expected);
    }
  });
});
