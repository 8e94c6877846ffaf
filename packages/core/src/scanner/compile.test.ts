import { describe, expect, it } from 'vitest';
import type { Pattern } from '../contract/detector.ts';
import { compilePatterns, compilePlan } from './compile.ts';
import { compileWithContext } from '../detection/compile-with-context.ts';
import { PatternError } from './pattern-error.ts';
import { SetScan } from './run/scan.ts';

const pattern = (find: Pattern['find'], rest: Partial<Pattern> = {}): Pattern => ({ type: 'test', find, ...rest });

async function found(patterns: readonly Pattern[], text: string): Promise<string[]> {
  const set = await compilePatterns(patterns, { prewarm: false });
  const matches: string[] = [];
  const scan = set.open((index, start, end) => void matches.push(`${index}:${text.slice(start, end)}`));
  for (const unit of text.split('')) scan.write(unit);
  scan.end();
  return matches;
}

async function heldAfter(patterns: readonly Pattern[], text: string): Promise<string> {
  const set = await compilePatterns(patterns, { prewarm: false });
  const scan = set.open(() => undefined);
  scan.write(text);
  return text.slice(scan.hold);
}

async function refusal(find: RegExp, rest: Partial<Pattern> = {}): Promise<PatternError> {
  const error: unknown = await compilePatterns([pattern(/ok/), pattern(find, rest)]).catch((thrown: unknown) => thrown);
  if (error instanceof PatternError) return error;
  throw new Error(`${String(find)} was not refused`);
}

/** Classes that all overlap each other. */
function manyClasses(count: number): RegExp {
  const hex = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`;
  const classes = Array.from({ length: count }, (_, n) => `[${hex(0x100 + n)}-${hex(0x3000 + n)}]`);
  return new RegExp(classes.join('|'));
}

describe('what is refused', () => {
  const cases: readonly [code: PatternError['code'], find: RegExp, rest?: Partial<Pattern>][] = [
    ['PATTERN_BACKREFERENCE', /(\w+) \1/],
    ['PATTERN_BACKREFERENCE', /(?<word>[a-z]{2})x\k<word>/],
    ['PATTERN_BACKREFERENCE', /(?:(a|b)c)+\1/],
    ['PATTERN_LOOKAROUND', /x(?!yes|no)/],
    ['PATTERN_LOOKAROUND', /(?<=ab)c/],
    ['PATTERN_LOOKAROUND', /x(?=a{2})/],
    ['PATTERN_LOOKAROUND', /(?:a(?!bc))+x/],
    ['PATTERN_LOOKAROUND', /(?=.*\d)\w{8}/],
    ['PATTERN_LOOKAROUND', /(?=(?:a?)*bc)\w+/],
    ['PATTERN_LOOKAROUND', /(?<!ab)c/],
    ['PATTERN_MATCHES_EMPTY', /a*/],
    ['PATTERN_MATCHES_EMPTY', /\b/],
    ['PATTERN_MATCHES_EMPTY', /(?:a|b?)/],
    ['PATTERN_NEVER_MATCHES', /foo\b\w/],
    ['PATTERN_NEVER_MATCHES', /a(?!)/],
    ['PATTERN_UNBOUNDED_GAP', /begin[\s\S]*end/],
    ['PATTERN_UNBOUNDED_GAP', /begin.*end/],
    ['PATTERN_UNBOUNDED_GAP', /(?:\w+\s+)*end/],
    ['PATTERN_UNBOUNDED_VALIDATOR', /\d+/, { validate: () => true }],
    ['PATTERN_UNBOUNDED_VALIDATOR', /\d{1,300}/, { validate: () => true }],
    ['PATTERN_TOO_LARGE', /(?:\d{1,200}x){200}/],
    ['PATTERN_TOO_LARGE', /(?:a?){4000}b/],
    ['PATTERN_TOO_LARGE', /(?:(?:a?b?c?){0,30}){0,60}d/],
    ['PATTERN_TOO_LARGE', /(?:(?<!a)b?(?!c)){1,3000}x/],
    ['PATTERN_TOO_LARGE', manyClasses(2000)],
  ];
  for (const [code, find, rest] of cases) {
    it(`${String(find)} with ${code}, its place and what to do`, async () => {
      const error = await refusal(find, rest);
      expect(error.code).toBe(code);
      expect(error.pattern).toBe(1);
      expect(error.message).toMatch(/^pattern 1 `.+` \S/);
      expect(error.message.endsWith(error.suggestion)).toBe(true);
      expect(error.message).not.toMatch(/\n/);
    });
  }

  it('what the parser does not read, with PATTERN_SYNTAX and the cause', async () => {
    const error = await refusal({ source: '(a', flags: '' } as RegExp);
    expect(error.code).toBe('PATTERN_SYNTAX');
    expect(error.cause).toBeInstanceOf(Error);
  });

  it('an empty phrase', async () => {
    await expect(compilePatterns([pattern({ phrase: '' })])).rejects.toMatchObject({ code: 'PATTERN_MATCHES_EMPTY' });
    await expect(compilePatterns([pattern({ phrase: '\u200b' })])).rejects.toMatchObject({
      code: 'PATTERN_MATCHES_EMPTY',
    });
  });
});

describe('what is accepted with a warning', () => {
  it('a counted run that may begin at every character', async () => {
    const { warnings } = await compilePatterns([pattern(/[A-Z\d]{20,40}/), pattern(/\b[A-Z\d]{20,40}\b/)]);
    expect(warnings.map((warning) => warning.pattern)).toEqual([0]);
    expect(warnings[0]!.message).toContain('\\b');
  });

  it('a pattern that goes on without bound after its first match', async () => {
    const find = /-----BEGIN KEY-----(?:[\s\S]*?-----END KEY-----)?/;
    const { warnings } = await compilePatterns([pattern(find)]);
    expect(warnings).toHaveLength(1);
    expect(await found([pattern(find)], '-----BEGIN KEY-----\nAB')).toEqual(['0:-----BEGIN KEY-----']);
  });

  it('but not one whose every further character is part of the match at once', async () => {
    const { warnings } = await compilePatterns([pattern(/-----BEGIN KEY-----(?:-?[^-])*(?:-----END KEY-----)?/)]);
    expect(warnings).toEqual([]);
  });
});

describe('phrases', () => {
  const phrase = (text: string, rest: Partial<Pattern> = {}): Pattern[] => [pattern({ phrase: text }, rest)];

  it('are found in any case', async () => {
    expect(await found(phrase('Straße ÉTÉ'), 'STRAẞE été')).toEqual(['0:STRAẞE été']);
    expect(await found(phrase('kelvin'), '\u212aelvin')).toEqual(['0:\u212aelvin']);
  });

  it('have white space of any kind and length between their words', async () => {
    const gaps = [' ', '  ', '\n', '\r\n    ', '\t', '\u00a0', '\u3000 ', ' \u2800 ', '\u0085', ' \u200b\n'.repeat(40)];
    for (const apart of [1, Number.POSITIVE_INFINITY]) {
      for (const gap of gaps) {
        const text = `x ignore${gap}previous${gap}rules.`;
        const set = await compilePatterns(phrase('ignore previous  rules'), { phrasesApart: apart });
        const matches: string[] = [];
        const scan = set.open((_, start, end) => void matches.push(text.slice(start, end)));
        scan.write(text.slice(0, 8 + gap.length));
        expect(scan.hold, JSON.stringify(gap)).toBe(2);
        scan.write(text.slice(8 + gap.length));
        scan.end();
        expect(matches, JSON.stringify(gap)).toEqual([text.slice(2, -1)]);
      }
    }
    expect(await found(phrase('ignore previous'), 'ignoreprevious ignore-previous')).toEqual([]);
    // At the edge it is one, and a validator sees no more than eight.
    expect(await found(phrase(' key ', { insideWords: true }), 'a\n\tkey  b')).toEqual(['0:\tkey ']);
    const validate = (): boolean => true;
    expect(await found(phrase('a b', { validate }), `a${' '.repeat(8)}b`)).toHaveLength(1);
    expect(await found(phrase('a b', { validate }), `a${' '.repeat(9)}b`)).toEqual([]);
  });

  it('are whole words in the Unicode sense, unless asked otherwise', async () => {
    for (const text of ['xcat', 'cats', 'cat_', 'écat', 'cat9', 'catж', 'cat\u0301', '\u{10400}cat', 'cat\u{10400}']) {
      expect(await found(phrase('cat', { fold: false }), text), text).toEqual([]);
      expect(await found(phrase('cat', { fold: false, insideWords: true }), text), text).toEqual(['0:cat']);
    }
    for (const text of ['cat', '(cat)', 'cat.', '😀cat😀', '猫cat猫', "cat's"]) {
      expect(await found(phrase('cat', { fold: false }), text), text).toEqual(['0:cat']);
    }
  });

  it('have marks and punctuation at the borders of their words, if asked', async () => {
    const marked = [pattern({ phrase: 'ignore all rules' }, { marks: true })];
    for (const text of [
      'ignore all rules',
      'ignore **all** rules',
      '_ignore_ `all`, rules',
      'ignore, all rules',
      'ignore <b>all</b> <i>rules</i>',
      'ignore\n> all\n> - rules',
      '"ignore" (all) rules',
      'ignore — all rules',
    ]) {
      const [start, end] = [text.search(/ignore/), text.search(/rules/) + 'rules'.length];
      expect(await found(marked, `x ${text} y`), text).toEqual([`0:${text.slice(start, end)}`]);
      expect((await found([pattern({ phrase: 'ignore all rules' })], text)).length, text).toBe(
        text === 'ignore all rules' ? 1 : 0,
      );
    }
    // No white space between the words, more marks than anybody writes, a tag with attributes: other text.
    for (const text of [
      'ignore*all*rules',
      'ignore ***** all rules',
      'ignore <a href="x">all</a> rules',
      'xignore all rules',
    ])
      expect(await found(marked, text), text).toEqual([]);
    expect(await heldAfter(marked, 'so ignore **')).toBe('ignore **');
  });

  it('are found as escapes of HTML, JSON and URLs, if asked', async () => {
    const escaped = [pattern({ phrase: 'tell é all' }, { escapes: true, fold: false })];
    for (const text of [
      'tell é all',
      '&#116;ell&#32;é all',
      '&#x74;ELL &#xE9; &#097;ll',
      '\\u0074\\u0065ll\\u0020\\u00e9 \\x61ll',
      't\\u{65}ll\\n\\t%C3%a9%20a%6Cl',
      'tell&nbsp;é&#160all',
    ]) {
      expect(await found(escaped, `(${text})`), text).toEqual([`0:${text}`]);
      expect(await heldAfter(escaped, `(${text.slice(0, -1)}`), text).toBe(text.slice(0, -1));
    }
    const context = { before: 0, after: 0, accepts: () => true };
    await expect(compilePatterns([{ ...escaped[0]!, validate: () => true }])).rejects.toMatchObject({
      code: 'PATTERN_UNBOUNDED_VALIDATOR',
    });
    await expect(compileWithContext([{ ...escaped[0]!, context }])).rejects.toMatchObject({
      code: 'PATTERN_UNBOUNDED_VALIDATOR',
    });
    // What stands beside it is looked at as it is written; the letter of an escaped line break is none.
    expect(await found(escaped, 'see:\\ntell é all')).toEqual(['0:\\ntell é all']);
    expect(await found(escaped, 'untell é all')).toEqual([]);
    expect(await found([pattern({ phrase: 'a&b' }, { escapes: true })], 'a&amp;b')).toEqual(['0:a&amp;b']);
    expect(await found([pattern({ phrase: '😀' }, { escapes: true })], '\\ud83d\\uDE00 &#x1f600; \\u{1F600}')).toEqual([
      '0:\\ud83d\\uDE00',
      '0:&#x1f600',
      '0:&#x1f600;',
      '0:\\u{1F600}',
    ]);
  });

  it('need no spaces around them in scripts that do not write any', async () => {
    expect(await found(phrase('忽略指令'), '请忽略指令吧')).toEqual(['0:忽略指令']);
    expect(await found(phrase('คำสั่ง'), 'ละเว้นคำสั่งนี้')).toEqual(['0:คำสั่ง']);
    expect(await found(phrase('プロンプト'), 'システムプロンプトを')).toEqual([]);
    expect(await found(phrase('システムプロンプト'), 'このシステムプロンプトを')).toEqual(['0:システムプロンプト']);
  });

  it('ask for a boundary only where they end in a word', async () => {
    expect(await found(phrase('c++'), 'c++11')).toEqual(['0:c++']);
    expect(await found(phrase('@admin'), 'x@admin')).toEqual(['0:@admin']);
  });

  it('are plain text: nothing in them is syntax', async () => {
    expect(await found(phrase('a.b*(c)'), 'axb*(c) a.b*(c)')).toEqual(['0:a.b*(c)']);
  });
});

describe('folding', () => {
  const phrase = [pattern({ phrase: 'ignore previous' })];

  it('reads look-alikes, full width, styled letters, ligatures and squares as what they imitate', async () => {
    for (const text of ['іgnоre рrevious', 'ｉｇｎｏｒｅ　ｐｒｅｖｉｏｕｓ', '𝐢𝐠𝐧𝐨𝐫𝐞 𝓹𝓻𝓮𝓿𝓲𝓸𝓾𝓼', 'ⓘⓖⓝⓞⓡⓔ previous']) {
      expect(await found(phrase, text), text).toEqual([`0:${text}`]);
    }
    expect(await found([pattern({ phrase: 'first office' })], 'ﬁrst oﬃce')).toEqual(['0:ﬁrst oﬃce']);
    for (const text of [
      'ígnore previöus',
      'i\u0336g\u0336nore pre\u0301vious',
      'ɪɢɴᴏʀᴇ\u2800ᴘʀᴇᴠɪᴏᴜꜱ',
      'ig\ufff9nore previous',
    ])
      expect(await found(phrase, text), text).toEqual([`0:${text}`]);
    for (const written of ['café', 'cafe\u0301', 'cafe'])
      for (const text of ['CAFÉ', 'cafe\u0301s', 'cafe'])
        expect(await found([pattern({ phrase: written }, { insideWords: true })], text)).toHaveLength(1);
    expect(await found([pattern(/\d+ ?kg/i, { fold: true })], '５㎏')).toEqual(['0:５㎏']);
  });

  it('skips invisible characters, and leaves those at the edges out of the match', async () => {
    const text = '\u200bign\u200bore\u00ad prev\u{e0061}io\ufe0fus\u200d.';
    expect(await found(phrase, text)).toEqual(['0:ign\u200bore\u00ad prev\u{e0061}io\ufe0fus']);
  });

  it('is off for regular expressions unless asked for', async () => {
    expect(await found([pattern(/ignore/)], 'іgnore')).toEqual([]);
    expect(await found([pattern(/ignore/, { fold: true })], 'іgnore')).toEqual(['0:іgnore']);
  });

  it('folds the characters that an expression lists, too', async () => {
    for (const text of ['привет', 'пpивeт'])
      expect(await found([pattern(/привет/, { fold: true })], text)).toEqual([`0:${text}`]);
    for (const text of ['fix', 'ﬁx']) expect(await found([pattern(/ﬁx/, { fold: true })], text)).toEqual([`0:${text}`]);
    expect(await found([pattern(/x[рс](?=е)/, { fold: true })], 'xpe')).toEqual(['0:xp']);
    expect((await refusal(/\u200b/, { fold: true })).code).toBe('PATTERN_MATCHES_EMPTY');
  });

  it('holds nothing for a character that never comes because it is read as another', async () => {
    // Read as `b\\ba`, where no boundary can be.
    expect(await heldAfter([pattern(/.\bá/i, { fold: true })], 'b')).toBe('');
    expect(await found([pattern(/.\bá/i, { fold: true })], '-Á')).toEqual(['0:-Á']);
    expect((await refusal(/b\bá/i, { fold: true })).code).toBe('PATTERN_NEVER_MATCHES');
  });

  it('shows validators the text as the pattern reads it', async () => {
    const seen: string[] = [];
    const validate = (match: string): boolean => seen.push(match) > 0;
    await found([pattern(/\b\d{4}\b/, { fold: true, validate })], '１２\u200b34 ');
    expect(seen).toEqual(['1234']);
  });
});

describe('validators', () => {
  const luhn = (match: string): boolean => {
    const digits = match.replaceAll(/\D/g, '').split('').toReversed().map(Number);
    const sum = digits.reduce(
      (total, digit, i) => total + (i % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2),
      0,
    );
    return sum % 10 === 0;
  };
  const card = /(?<!\d)\d(?:[ -]?\d){12,18}(?!\d)/;

  it('find a card that hides behind other digits', async () => {
    expect(await found([pattern(card, { validate: luhn })], 'order 12 4111 1111 1111 1111 ok')).toEqual([
      '0:4111 1111 1111 1111',
    ]);
  });

  it('miss it when only the leftmost longest candidate is asked about', async () => {
    const greedy = pattern(card, { validate: luhn, candidates: 'leftmost-longest' });
    expect(await found([greedy], 'order 12 4111 1111 1111 1111 ok')).toEqual([]);
    expect(await found([greedy], 'order 4111 1111 1111 1111 ok')).toEqual(['0:4111 1111 1111 1111']);
  });
});

describe('validators and what stands beside the match', () => {
  it('remember what stood before text that has been let go', async () => {
    for (const [find, fold, between] of [
      [/(?<=a)b\d/, false, ''],
      [/(?<=a)b\d/, true, '\u200b'],
      [/(?<=😀)b\d/u, false, ''],
    ] as const) {
      // The memory is cut when 256 units can go: right behind the letter that the look-behind asks for.
      const before = find.unicode ? `${'x'.repeat(254)}😀` : `${'x'.repeat(255)}a`;
      expect(await found([pattern(find, { fold, validate: () => true })], `${before}${between}b1 b2`)).toEqual([
        '0:b1',
      ]);
    }
  });

  it('are not asked about a start whose assertion at the end does not hold, or not yet', async () => {
    const patterns = [pattern(/aa|a$/, { validate: (match) => match === 'a' })];
    expect(await found(patterns, 'aab')).toEqual([]);
    expect(await found(patterns, 'aa')).toEqual(['0:a']);
  });
});

describe('what is held', () => {
  it('G5: nothing of prose that no pattern can begin in', async () => {
    expect(await heldAfter([pattern(/\bsk-\w{20}/)], 'this is a desk')).toBe('');
    expect(await heldAfter([pattern(/\bsk-\w{20}/)], 'this is a sk')).toBe('sk');
  });

  it('G5: one unit more where the pattern looks ahead', async () => {
    expect(await heldAfter([pattern(/\bcat\b/)], 'a cat')).toBe('cat');
    expect(await heldAfter([pattern(/\bcat/)], 'a cat')).toBe('');
  });

  it('G5: half a pair, whatever the patterns', async () => {
    expect(await heldAfter([pattern(/x/)], 'a\ud83d')).toBe('\ud83d');
  });
});

describe('a stream', () => {
  it('keeps exact offsets past 2^31 units', async () => {
    const set = await compilePatterns([pattern(/needle\b/)], { prewarm: false });
    const matches: number[][] = [];
    const scan = set.open((...match) => void matches.push(match.slice(0, 3))) as SetScan;
    // Scanning two gigabytes would prove the same.
    scan.position = 2 ** 31 - 2;
    scan.write('a need');
    expect(scan.hold).toBe(2 ** 31);
    scan.write('le ');
    expect(matches).toEqual([[0, 2 ** 31, 2 ** 31 + 6]]);
  });

  it('is not disturbed when another stream makes the shared cache begin anew', async () => {
    const set = await compilePatterns([pattern(/(?:ab|ba)+c/), pattern(/a[ab]{3}c/)], { maxStates: 3, prewarm: false });
    const a: string[] = [];
    const b: string[] = [];
    const first = set.open((...match) => {
      a.push(match.slice(0, 3).join());
      // In the middle of a write, too.
      set.open(() => undefined).write('babaabbcab');
    });
    const second = set.open((...match) => void b.push(match.slice(0, 3).join()));
    for (const unit of 'xababcabbac') {
      first.write(unit);
      second.write(unit === 'x' ? 'bbbaac' : unit);
    }
    const alone: string[] = [];
    set.open((...match) => void alone.push(match.slice(0, 3).join())).write('xababcabbac');
    expect(a).toEqual(alone);
    expect(a.length).toBeGreaterThan(0);
    expect(b.length).toBeGreaterThan(0);
  });

  it('gives up half a pair, too', async () => {
    const set = await compilePatterns([pattern(/😀b/u)], { prewarm: false });
    const matches: string[] = [];
    const scan = set.open((...match) => void matches.push(match.slice(0, 3).join()));
    scan.write('\ud83d');
    expect(scan.hold).toBe(0);
    scan.dropBefore(1);
    expect(scan.hold).toBe(1);
    scan.write('\ude00');
    expect(scan.hold).toBe(1);
    scan.write('b');
    expect(matches).toEqual(['0,1,3']);
  });

  it('goes on without the cache where most steps would have to be computed', async () => {
    const { plan } = await compilePlan([pattern(/(?:a|b)*a(?:a|b){14}/)], { patience: 100, prewarm: false });
    const scan = new SetScan(plan, () => undefined);
    // Every word of fifteen letters is a state.
    for (let i = 0, word = 1; i < 2000; i++, word = (word * 75 + 74) % 65537) {
      scan.write(word.toString(2).padStart(16, '0').replaceAll('0', 'a').replaceAll('1', 'b'));
    }
    expect(plan.automata[0]!.misses).toBeLessThan(100 + scan.position / 8 + 2000);
    expect(plan.automata[0]!.misses).toBeGreaterThan(100);
  });

  it('can be opened on a set without patterns', async () => {
    const scan = (await compilePatterns([])).open(() => true);
    expect(scan.write('anything')).toBe(8);
    expect(scan.hold).toBe(8);
    scan.end();
  });
});
