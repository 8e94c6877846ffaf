import { nationalId } from '../../form/national-id.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Check: none published. Usually written TIN NNN-NNN-NNN-NNN; PCN 4x4. */
export const sss: Recogniser = nationalId({
  type: 'pii.national_id.ph_sss',
  name: 'SSS / TIN / PhilSys (Philippines)',
  plain: '\\d{2}-\\d{7}-\\d',
  separated: true,
  near: ['sss', 'tin', 'philsys', 'umid', 'gsis'],
  source: 'SSS, BIR, PSA',
  since: '0.2.0',
  finds: ['sss: «34-1827056-3»'],
  ignores: ['order 34-1827056-3 was sent'],
});
