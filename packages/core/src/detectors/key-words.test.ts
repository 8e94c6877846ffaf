import { describe, expect, it } from 'vitest';
import { endsInKeyWord, hasKeyWord } from './key-words.ts';

describe('key words', () => {
  it.each(['my Tax ID: ', '"tax_id": "', 'taxId=', 'TAXID ', 'tax-id\n', 'Tax IDs '])('`tax id` is in %j', (text) => {
    expect(hasKeyWord(['tax id'])(text)).toBe(true);
  });

  it.each(['taxi day', 'syntax ideas', 'tax', ''])('`tax id` is not in %j', (text) => {
    expect(hasKeyWord(['tax id'])(text)).toBe(false);
  });

  it('need no edge where no spaces are written, and take the ends of compounds', () => {
    expect(hasKeyWord(['身份证'])('我的身份证号是')).toBe(true);
    expect(hasKeyWord(['telefon'])('Telefonnummer: ')).toBe(true);
    expect(hasKeyWord(['c.f.'])('C.F. ')).toBe(true);
    expect(hasKeyWord(['c.f.'])('CXFX ')).toBe(false);
  });

  it('are read whatever case and dots are inside them', () => {
    expect(hasKeyWord(['kvk'])('KvK-nummer is ')).toBe(true);
    expect(hasKeyWord(['nif'])('N.I.F.: ')).toBe(true);
    expect(hasKeyWord(['org nr'])('org.nr. ')).toBe(true);
    expect(hasKeyWord(['nif'])('an iffy one')).toBe(false);
  });

  it('that are short are no piece of a number', () => {
    expect(hasKeyWord(['cc'])('CC: 4182')).toBe(true);
    expect(hasKeyWord(['cc'])('i-0a9cc4182')).toBe(false);
    expect(hasKeyWord(['hp'])('model 1Z8HP9V')).toBe(false);
    expect(hasKeyWord(['tel'])('tel2: 4182')).toBe(true);
  });

  it('end a text if nothing but signs follows', () => {
    expect(endsInKeyWord(['isbn'])('ISBN: ')).toBe(true);
    expect(endsInKeyWord(['isbn'])('ISBN of ')).toBe(false);
  });

  it('of one list are read once, and again where the list has changed', () => {
    const words = ['isbn'];
    const find = hasKeyWord(words);
    expect(hasKeyWord(words)).toBe(find);
    expect(endsInKeyWord(words)('ISBN of ')).toBe(false);
    words.push('issn');
    expect([hasKeyWord(words)('ISSN: '), hasKeyWord(words)('ISBN: ')]).toEqual([true, true]);
  });
});
