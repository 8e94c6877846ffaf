import { at } from '../../check/numbers.ts';
import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: even places as is, odd by table 1,0,5,7,9,13,15,17,19,21; sum%26→A..Z. Usually written together. */
export const tic: Recogniser = nationalId({
  type: 'pii.national_id.cy_tic',
  name: 'TIC (Cyprus)',
  plain: '\\d{8}[A-Z]',
  check: (s) => {
    const odd = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21];
    let sum = 0;
    for (let i = 0; i < 8; i++) sum += i % 2 === 0 ? odd[at(s, i)]! : at(s, i);
    return String.fromCharCode(65 + (sum % 26)) === s[8];
  },
  near: ['tax identification code', 'tic', 'α.φ.τ.', 'αφτ', 'αφμ', 'φορολογικής ταυτότητας'],
  source: 'EU TIN portal',
  since: '0.2.0',
  finds: ['tic: «41827056P»'],
  ignores: ['tic: 41827057P', 'order 41827056P was sent'],
});
