import { falling, weighted } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: W[8..2] + 9·second letter; %23 → WABC…V. Usually written together. */
export const pps: Recogniser = nationalId({
  type: 'pii.national_id.ie_pps',
  name: 'PPS number (Ireland)',
  plain: '\\d{7}[A-W][A-IWTX]?',
  aloneElsewhere: ['####### AA'],
  printed: ['####### A'],
  check: (s) => {
    const second = s[8] === undefined || 'WTX'.includes(s[8]) ? 0 : 9 * (s.charCodeAt(8) - 64);
    return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(s, falling(8, 2)) + second) % 23] === s[7];
  },
  plainAlone: 'elsewhere',
  // `1048576K` is a size.
  checkAlone: (s) => (s.length > 8 ? /[ABHW]$/.test(s) && !/[KMGTP]B$/.test(s) : !/[KMGBT]$/.test(s)),
  near: ['personal public service', 'pps', 'ppsn', 'pps no'],
  strong: true,
  source: 'Revenue / DSP',
  since: '0.2.0',
  finds: ['pps: «4182705FA»', '(«4182705 FA»)'],
  ignores: ['pps: 4182706FA', 'order 4182705FA was sent', '4182705 KB are free'],
});
