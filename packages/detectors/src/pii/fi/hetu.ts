import { isDay, part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/**
 * Check: (DDMMYY NNN) mod 31 → 0-9ABCDEFHJKLMNPRSTUVWXY. Usually written separator is part of it (-,Y..U 1900s; A..F
 * 2000s; + 1800s).
 */
export const hetu: Recogniser = nationalId({
  type: 'pii.national_id.fi_hetu',
  name: 'Henkilötunnus (Finland)',
  plain: '\\d{6}[-+A-FU-Y]\\d{3}[0-9A-Y]',
  plainAlone: true,
  separated: true,
  check: (s) =>
    '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(s.slice(0, 6) + s.slice(-4, -1)) % 31] === s.at(-1) &&
    isDay(part(s, 2, 4), part(s, 0, 2)),
  near: ['henkilötunnus', 'hetu', 'personbeteckning'],
  strong: true,
  source: 'DVV; VNa 690/2022',
  since: '0.2.0',
  finds: ['«170483-4183»'],
  ignores: ['henkilötunnus: 170483-4184'],
});
