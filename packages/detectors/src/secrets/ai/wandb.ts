import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Weights & Biases API key. */
export const wandb: Recogniser = {
  type: 'secret.wandb',
  name: 'Weights & Biases API key',
  forms: [issued(['wandb_v1_'], /wandb_v1_\w{77}/)],
  source: 'Weights & Biases; secret scanning partners of GitHub',
  since: '0.3.0',
  finds: ['wandb login «wandb_v1_{base62:77}»'],
  ignores: ['wandb_v1_your_key_goes_here_xxxxxxxxxxxx'],
};
