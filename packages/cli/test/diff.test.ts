import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { run, type Io } from '../src/index.ts';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'flyball-diff-'))));
afterEach(() => rmSync(folder, { recursive: true }));

const HEAD = 'policy: p\nversion: 1\ndetectors: [{ use: pii }, { id: codename, phrases: Nightjar }]\n';
const CAP = '- { id: cap, on: tool_call, tool: refund, when: tool.args.amount > 500, then: block, reason: P_CAP }';
const NAME = '- { id: name, on: [input, output], detect: codename, then: block, reason: P_NAME }';

interface Found {
  readonly exit: number;
  readonly out: string;
  readonly notes: string;
}

async function diff(before: string, after: string, ...more: readonly string[]): Promise<Found> {
  const [a, b] = [join(folder, 'a.yaml'), join(folder, 'b.yaml')];
  writeFileSync(a, before);
  writeFileSync(b, after);
  let [out, notes] = ['', ''];
  const io: Io = {
    out: (text) => void (out += `${text}\n`),
    note: (text) => void (notes += `${text}\n`),
    style: (_style, text) => text,
    progress: () => {},
  };
  return { exit: await run(['diff', a, b, ...more], io), out, notes };
}

const rules = (...list: readonly string[]): string => `${HEAD}rules:\n${list.map((rule) => `  ${rule}\n`).join('')}`;

describe('flyball diff', () => {
  it('a number that moved, with an event between the two', async () => {
    const { exit, out } = await diff(rules(CAP, NAME), rules(CAP.replace('500', '200'), NAME));
    expect(exit).toBe(0);
    expect(out).toContain('~ rule `cap`\n    when: tool.args.amount > 500 → tool.args.amount > 200');
    expect(out).toMatch(/example: tool_call refund \{"amount":\d+\}: ALLOW → BLOCK by cap/);
    expect(out).toContain('1 changed, 0 new, 0 removed; 1 with events that are stopped or masked now, 0 with');
    expect(out).not.toContain('rule `name`');
  });

  it('a rule more, a rule less, each with an event of its own', async () => {
    const mail = '- { id: mail, on: output, detect: pii.email, then: redact, reason: P_MAIL }';
    const { out } = await diff(rules(CAP, NAME), rules(CAP, mail));
    expect(out).toMatch(
      /\+ rule `mail`\n {4}on output, detect pii.email, then redact\n {4}example: output ".*@.*": ALLOW → ALLOW by mail, masked/,
    );
    expect(out).toMatch(/- rule `name`\n {4}example: (?:in|out)put "Nightjar": BLOCK by name → /);
    expect(out).toContain('1 with events that are stopped or masked now, 1 with events that pass now');
  });

  it('what decides nothing differently is said to be looked for, not to be the same', async () => {
    const { out } = await diff(rules(NAME), rules(NAME.replace('P_NAME', 'P_OTHER')));
    expect(out).toContain('reason: P_NAME → P_OTHER');
    expect(out).toMatch(/no event found in \d+ that tells them apart/);
  });

  it('order and the way of writing mean nothing; fields of the policy and detectors do', async () => {
    const turned = rules(
      NAME.replace('[input, output]', '[output, input]').replace('detect: codename', 'detect: [codename]'),
      CAP,
    );
    expect((await diff(rules(CAP, NAME), turned)).out).toBe('the same in meaning\n');
    const more = rules(CAP, NAME)
      .replace('phrases: Nightjar', 'phrases: [Nightjar, Owl]')
      .replace('version: 1', 'version: 1\ndefault: block');
    const { out } = await diff(rules(CAP, NAME), more, '--json');
    expect(JSON.parse(out)).toMatchObject({
      changes: [
        { name: 'default', fields: ['(none) → block'] },
        { name: 'detector `codename`', fields: ['phrases: Nightjar → ["Nightjar", "Owl"]'] },
      ],
    });
  });

  describe('over limits and cooldowns', () => {
    const limit = (more: string): string => `${rules(CAP)}limits:\n  - { id: asks, unit: events, ${more} }\n`;
    const strikes = (after: number, time: string): string =>
      `${rules(NAME.replace(' }', ', strike: { abuse: 1 } }'))}cooldowns:
  - { id: abuse, after: { strikes: ${after}, within: 10m }, for: ${time} }\n`;

    it.each([
      [
        'a lower limit',
        limit('allow: 9, per: 1h'),
        limit('allow: 5, per: 1h'),
        'the 6th input in a row: ALLOW → COOLDOWN by asks',
      ],
      [
        'a shorter window',
        limit('allow: 5, per: 1h'),
        limit('allow: 5, per: 1m'),
        '61 s after 6 × input: COOLDOWN by asks → ALLOW',
      ],
      [
        'a sum of arguments',
        limit('allow: 900, per: 1h, on: tool_call, tool: refund').replace('events', 'tool.args.amount'),
        limit('allow: 100, per: 1h, on: tool_call, tool: refund').replace('events', 'tool.args.amount'),
        'the 1st tool_call refund {"amount":101} in a row: ALLOW → COOLDOWN by asks',
      ],
      [
        'one plan of several',
        limit(`allow: "attributes.plan == 'pro' ? 30 : 3", per: 1h`),
        limit(`allow: "attributes.plan == 'pro' ? 20 : 3", per: 1h`),
        'the 21st input {"plan":"pro"} in a row: ALLOW → COOLDOWN by asks',
      ],
      [
        'fewer strikes',
        strikes(4, '1m'),
        strikes(2, '1m'),
        'the 3rd input "Nightjar" in a row: BLOCK by name → COOLDOWN by abuse',
      ],
      [
        'a longer cooldown',
        strikes(2, '1m'),
        strikes(2, '10m'),
        '61 s after 3 × input "Nightjar": ALLOW → COOLDOWN by abuse',
      ],
    ])('%s, with the event at which it shows', async (_what, before, after, example) => {
      const { exit, out } = await diff(before, after);
      expect(exit).toBe(0);
      expect(out).toContain(`    example: ${example}`);
    });

    it('what shows nowhere is said to be looked for', async () => {
      const { out } = await diff(limit('allow: 5, per: 1h'), limit('allow: 5, per: 1h, key: user'));
      expect(out).toContain('no sequence found in 2 that tells them apart');
    });
  });

  it('a policy that does not load is not compared', async () => {
    const { exit, notes } = await diff(rules(CAP), 'policy: p\nversion: 1\nrules: [{ id: x }]');
    expect({ exit, notes }).toEqual({ exit: 2, notes: expect.stringContaining('does not load: ask `flyball check') });
  });
});
