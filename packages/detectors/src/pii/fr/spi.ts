import { part } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: first 10 mod 511 = last 3. Usually written NN NN NNN NNN NNN. */
export const spi: Recogniser = nationalId({
  type: 'pii.national_id.fr_spi',
  name: 'Numéro fiscal (SPI) (France)',
  plain: '[0-3]\\d{12}',
  aloneElsewhere: ['## ## ### ### ###'],
  check: (s) => part(s, 0, 10) % 511 === part(s, 10, 13),
  near: ['numéro fiscal', 'n° fiscal', 'spi', 'nif'],
  strong: true,
  source: 'EU TIN portal; DGFiP',
  since: '0.2.0',
  finds: ['(«30 41 827 056 422»)', 'numéro fiscal: «3041827056422»', 'numéro fiscal «30 41 827 056 422»'],
  ignores: ['numéro fiscal: 3041827056423', 'order 3041827056422 was sent'],
});
