import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** LangSmith. */
export const langsmith: Recogniser = {
  type: 'secret.langsmith',
  name: 'LangSmith (langsmith)',
  forms: [issued(['lsv2_pt_', 'lsv2_sk_'], /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/)],
  source: 'LangSmith; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «lsv2_pt_{hex:32}_{hex:10}» x'],
  ignores: ['lsv2_pt_your_key_goes_here_xxxxxxxxxxxx'],
};
