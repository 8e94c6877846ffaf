import { mod1110 } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: ISO 7064 mod 11,10; in the first ten exactly one digit comes twice or thrice. Usually written NN NNN NNN NNN.
 */
export const idnr: Recogniser = nationalId({
  type: 'pii.national_id.de_idnr',
  name: 'Steuer-ID (Germany)',
  plain: '[1-9]\\d{10}',
  aloneElsewhere: ['## ### ### ###'],
  check: (s) => {
    // One of the first ten digits comes twice or thrice, the others once at most.
    const counts = new Map<string, number>();
    for (const digit of s.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
    const repeated = [...counts.values()].filter((count) => count > 1);
    return repeated.length === 1 && repeated[0]! <= 3 && mod1110(s);
  },
  near: [
    'steuer id',
    'steueridentifikationsnummer',
    'idnr',
    'steuer idnr',
    'tin',
    'identifikationsnummer',
    'steuernummer',
  ],
  strong: true,
  source: 'BZSt; AO §139b',
  since: '0.2.0',
  finds: ['(«41 827 056 349»)', 'steuer id: «41827056349»', 'steuer id «41 827 056 349»'],
  ignores: ['steuer id: 41827056340', 'order 41827056349 was sent'],
});
