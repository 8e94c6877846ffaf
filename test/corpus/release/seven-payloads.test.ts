import { describe, expect, it } from 'vitest';
import { Random } from '../../leaktest/random.ts';
import { chunked, type CasePattern } from '../../leaktest/policy-case.ts';
import { RealGate } from '../../leaktest/real-gate.ts';

// What other libraries let through when it arrives in pieces. All of it is made up here.
const random = new Random(7);
const made = (length: number, alphabet: string): string =>
  Array.from({ length }, () => random.pick(alphabet.split(''))).join('');
const CAPITALS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const BASE64 = `${CAPITALS}${CAPITALS.toLowerCase()}0123456789`;
const DASHES = '-----';

function pem(): string {
  const lines = Array.from({ length: 21 }, () => made(64, `${BASE64}+/`));
  return `${DASHES}BEGIN PRIVATE KEY${DASHES}\n${lines.join('\n')}\n${DASHES}END PRIVATE KEY${DASHES}`;
}

const PAYLOADS: readonly { readonly name: string; readonly text: string; readonly pattern: CasePattern }[] = [
  {
    name: 'cloud key of 20 characters',
    text: `AKIA${made(16, `${CAPITALS}234567`)}`,
    pattern: { type: 'key', builtIn: 'secret.aws_access_key' },
  },
  { name: 'e-mail address', text: 'ann.lee+orders@mail.shop.example', pattern: { type: 'mail', builtIn: 'pii.email' } },
  { name: 'payment card', text: '4111 1111 1111 1111', pattern: { type: 'card', builtIn: 'pii.card' } },
  { name: 'social security number', text: '123-45-6789', pattern: { type: 'ssn', builtIn: 'pii.ssn' } },
  { name: 'phrase', text: 'Project Nightjar', pattern: { type: 'codename', phrase: 'project nightjar' } },
  {
    name: 'JSON web token of 451 characters',
    text: `eyJ${made(33, BASE64)}.eyJ${made(367, BASE64)}.${made(43, BASE64)}`,
    pattern: { type: 'jwt', builtIn: 'secret.jwt' },
  },
  { name: 'private key of 1.4 KB', text: pem(), pattern: { type: 'pem', builtIn: 'secret.private_key' } },
];

const BEFORE = 'Sure, here it is: ';
const AFTER = ' . Anything else?';

describe.each(PAYLOADS)('$name', ({ name, text, pattern }) => {
  const sizes = Array.from({ length: 64 }, (_, index) => index + 1);
  const arrivals = [{ channel: 'text', block: 'b', text: BEFORE + text + AFTER }];

  it('has the length it is said to have', () => {
    const said = {
      'cloud key of 20 characters': 20,
      'JSON web token of 451 characters': 451,
      'private key of 1.4 KB': 1418,
    }[name];
    expect(text.length).toBe(said ?? text.length);
  });

  it('G2: block delivers none of it at any chunk size from 1 to 64', async () => {
    const gate = await RealGate.compile({ patterns: [pattern], reactions: { [pattern.type]: { kind: 'stop' } } });
    for (const size of sizes) {
      const run = gate.run(chunked(arrivals, () => size));
      expect(run.stopped).toBe(true);
      expect(run.moments.at(-1)!.get('text/b'), `chunks of ${size}`).toBe(BEFORE);
    }
  });

  it('G2: redact delivers none of it at any chunk size from 1 to 64', async () => {
    const gate = await RealGate.compile({
      patterns: [pattern],
      reactions: { [pattern.type]: { kind: 'redact', mask: '[MASK]' } },
    });
    for (const size of sizes) {
      const run = gate.run(chunked(arrivals, () => size));
      expect(run.stopped).toBe(false);
      expect(run.moments.at(-1)!.get('text/b'), `chunks of ${size}`).toBe(`${BEFORE}[MASK]${AFTER}`);
    }
  });
});
