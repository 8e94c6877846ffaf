import type { Recogniser } from '../../recogniser.ts';

/**
 * Overrides make letters run backwards whatever their script: what a person reads is not what stands there. Marks and
 * isolates, which mixed texts need, are no overrides.
 */
export const bidi: Recogniser = {
  type: 'hidden.bidi',
  name: 'Bidirectional override',
  exceptable: false,
  forms: [
    { find: /[\u202D\u202E]/, score: 0.9 },
    // Code whose order on the screen is another one: an isolate or embedding right before or behind the sign that opens
    // or ends a comment or string.
    { find: /(?:\/\*|\*\/|\/\/|['"`#])[\u202A\u202B\u2066-\u2068][^\n\u202C\u2069]{0,40}[\u202C\u2069]/, score: 0.9 },
  ],
  source: 'UAX #9; "Trojan Source", CVE-2021-42574',
  since: '0.2.0',
  finds: [
    'invoice_«\u202E»fdp.exe',
    'if (access != "user«\u202E» \u2066// admin\u2069 \u2066") {',
    '«/*\u2066 begin admins only \u2069»',
  ],
  ignores: [
    '\u05E9\u05DC\u05D5\u05DD \u2067abc\u2069 \u200F',
    '\u2068Ann\u2069 wrote \u200Eto you',
    'He said \u202Ayes\u202C.',
  ],
};
