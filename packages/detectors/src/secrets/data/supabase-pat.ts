import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Supabase. */
export const supabasePat: Recogniser = {
  type: 'secret.supabase_pat',
  name: 'Supabase (supabase-pat)',
  forms: [issued(['sbp_'], /sbp_(?:v0_)?[a-f0-9]{40}/)],
  source: 'Supabase; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «sbp_{hex:40}» x'],
  ignores: ['sbp_your_key_goes_here_xxxxxxxxxxxx'],
};
