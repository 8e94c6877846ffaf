import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Supabase. */
export const supabaseSecret: Recogniser = {
  type: 'secret.supabase_secret',
  name: 'Supabase (supabase-secret)',
  forms: [issued(['sb_secret_'], /sb_secret_[\w-]{31}/)],
  source: 'Supabase, documentation',
  since: '0.2.0',
  finds: ['key «sb_secret_{base62:31}» x'],
  ignores: ['sb_secret_your_key_goes_here_xxxxxxxxxxxx'],
};
