import { describe, expect, it } from 'vitest';
import { compilePatterns } from '../scanner/compile.ts';
import { luhn } from './pii/luhn.ts';
import { PII } from './pii/pack.ts';
import { detectorOf } from './recogniser.ts';
import { SECRETS } from './secrets/pack.ts';

const RECOGNISERS = [...PII, ...SECRETS];

/** Union of everything a recogniser matches in a text; `█` for each covered unit. */
async function covered(type: string, text: string, except: readonly string[] = []): Promise<string> {
  const recogniser = RECOGNISERS.find((candidate) => candidate.type === type)!;
  const set = await compilePatterns(detectorOf(recogniser, except).patterns!);
  const hits = new Uint8Array(text.length);
  const scan = set.open((_, start, end) => void hits.fill(1, start, end));
  scan.write(text);
  scan.end();
  return text
    .split('')
    .map((unit, i) => (hits[i] ? '█' : unit))
    .join('');
}

const KEY_TAIL = 'Ab3'.repeat(20);
const DASHES = '-----';
const pem = (kind: string, body: string): string =>
  `${DASHES}BEGIN ${kind}PRIVATE KEY${DASHES}\n${body}\n${DASHES}END ${kind}PRIVATE KEY${DASHES}`;

const FOUND: readonly (readonly [type: string, before: string, hit: string, after: string])[] = [
  ['pii.email', 'write to ', 'ann.lee+news@mail.shop.example', ' now'],
  ['pii.email', '<', 'ann@x.co', '>'],
  ['pii.email', 'mailto:', 'ANN_LEE@X-Y.Example', '?subject=hi'],
  ['pii.email', 'end of sentence: ', 'a@b.io', '.'],
  ['pii.email', 'call ', "o'brien@x.example", "'s office"],
  ['pii.email', "'", 'ann@x.example', "'"],
  ['pii.email', '请联系', 'wang@x.example', '谢谢'],
  ['pii.email', '', 'josé@müller.example', ','],
  ['pii.email', 'x=', 'ann@x.example', '-'],
  ['pii.card', 'card ', '4111 1111 1111 1111', ' exp'],
  ['pii.card', '', '378282246310005', ''],
  ['pii.card', '', '3782 822463 10005', ' and 3056-930902-5904'.slice(0, 5)],
  ['pii.card', 'of 19 digits: ', '6212 3456 7890 0000 003', ';'],
  ['pii.card', 'no. ', '5555-5555-5555-4444', '.'],
  ['pii.card', 'behind other digits 12 ', '4111 1111 1111 1111', ' 55'],
  ['pii.card', 'dotted ', '4111.1111.1111.1111', '.'],
  ['pii.card', 'airplus ', '122000000000003', ''],
  ['pii.card', '#', '6011111111111117', '#'],
  ['pii.card', 'a 13-digit ', '4222222222222', ' one'],
  ['pii.email', 'in disguise ', 'ａnn@ex\u200bample.ｃom', '.'],
  ['pii.card', 'in disguise ', '4\u200b111-１111-1111-١١١١', '.'],
  ['pii.ssn', 'in disguise ', '12\u00ad3-45-6７89', '.'],
  ['pii.ssn', 'SSN: ', '123-45-6789', '.'],
  ['pii.ssn', '', '078 05 1120', ' x'],
  ['pii.ssn', '(', '899.99.9999', ')'],
  ['pii.ssn', 'typographic ', '123\u201145\u20116789', ''],
  ['secret.aws_access_key', 'key ', 'AKIAIOSFODNN7EXAMPLE', ' secret'],
  ['secret.aws_access_key', 'AWS_KEY=', 'ASIA1234567890ABCDEF', '\n'],
  ['secret.openai_key', 'use ', `sk-proj-${KEY_TAIL.slice(0, 20)}_-x`, ' please'],
  ['secret.openai_key', '"', `sk-${KEY_TAIL.slice(0, 48)}`, '"'],
  ['secret.github_token', 'token ', `ghp_${KEY_TAIL.slice(0, 36)}`, ' ok'],
  ['secret.github_token', '', `github_pat_${KEY_TAIL.slice(0, 22)}_${KEY_TAIL.slice(0, 59)}`, ''],
  ['secret.jwt', 'Bearer ', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl', '"'],
  ['secret.jwt', 'unsigned ', 'eyJhbGciOiJub25lIn0.eyJzdWIiOiIxMjM0In0.', ' x'],
  ['secret.private_key', 'here: ', pem('', 'MIIEvQIBADAN\nBgkqhk+/=='), ' done'],
  ['secret.private_key', '', pem('RSA ', 'Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00FF\n\nabc='), '\nnext'],
  [
    'secret.private_key',
    '',
    `${DASHES}BEGIN PGP PRIVATE KEY BLOCK${DASHES}\nVersion: x (2.0)\n\nlQOY=\n${DASHES}END PGP PRIVATE KEY BLOCK${DASHES}`,
    '\n',
  ],
  ['secret.private_key', 'cut short: ', `${DASHES}BEGIN OPENSSH PRIVATE KEY${DASHES}\nb3BlbnNzaC1r`, ''],
];

const NOT_FOUND: readonly (readonly [type: string, text: string])[] = [
  ['pii.email', 'at @example, or ann@localhost, or a@b'],
  ['pii.email', 'react@18.2.0 is a package'],
  ['pii.email', `${'x'.repeat(70)}@example.com has no such local part`],
  ['pii.card', '4111 1111 1111 1112 fails the check digit'],
  ['pii.card', '9111 1111 1111 1117 is issued by nobody'],
  ['pii.card', 'a longer run: 41111111111111110000000'],
  ['pii.card', '4.000000000000006 is a number'],
  ['pii.card', '4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1 are numbers'],
  ['pii.ssn', '000-12-3456 666-12-3456 900-12-3456 123-00-4567 123-45-0000'],
  ['pii.ssn', '123-456-7890 is a phone number, 123 45-6789 mixes'],
  ['pii.ssn', '1123-45-6789 and 123-45-67890'],
  ['secret.aws_access_key', 'AKIA is a prefix; XAKIAIOSFODNN7EXAMPLE and AKIAIOSFODNN7EXAMPLEX are longer'],
  ['secret.openai_key', 'sk-learn-toggleable__label-arrow is a class, sk-12345 is short'],
  ['secret.github_token', 'ghp_short and ghx_' + KEY_TAIL.slice(0, 36)],
  ['secret.jwt', 'eyJhbGciOiJIUzI1NiJ9 alone, or eyJhbGciOiJIUzI1NiJ9.notjson.xx'],
  ['secret.private_key', `${DASHES}BEGIN PUBLIC KEY${DASHES}\nMIIB\n${DASHES}END PUBLIC KEY${DASHES}`],
];

describe('recognisers', () => {
  it.each(FOUND)('%s in %j is exactly %j', async (type, before, hit, after) => {
    expect(await covered(type, before + hit + after)).toBe(before + '█'.repeat(hit.length) + after);
  });

  it.each(NOT_FOUND)('%s is not in %j', async (type, text) => {
    expect(await covered(type, text)).toBe(text);
  });

  it('except lets exactly the literal through, in any case', async () => {
    const allowed = ['Help@Acme.example', '4111 1111 1111 1111'];
    expect(
      await covered('pii.email', 'help@acme.EXAMPLE or xhelp@acme.example or help@acme.example.com', allowed),
    ).toBe(`help@acme.EXAMPLE or ${'█'.repeat(18)} or ${'█'.repeat(21)}`);
    expect(await covered('pii.card', '4111 1111 1111 1111, 4111111111111111', allowed)).toBe(
      `4111 1111 1111 1111, ${'█'.repeat(16)}`,
    );
  });

  it('except lets a literal through that has a shorter address as its beginning', async () => {
    expect(await covered('pii.email', 'help@acme.co.example, help@acme.com.', ['help@acme.co.example'])).toBe(
      `help@acme.co.example, ${'█'.repeat(13)}.`,
    );
  });
});

describe('luhn', () => {
  it.each(['4111111111111111', '378282246310005', '0', '79927398713'])('accepts %s', (digits) => {
    expect(luhn(digits)).toBe(true);
  });

  it.each(['4111111111111112', '1', '79927398710'])('refuses %s', (digits) => {
    expect(luhn(digits)).toBe(false);
  });
});
