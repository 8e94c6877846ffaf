import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Buildkite. */
export const buildkite: Recogniser = {
  type: 'secret.buildkite',
  name: 'Buildkite (buildkite)',
  forms: [issued(['bkua_'], /bkua_[a-f0-9]{40}/)],
  source: 'Buildkite; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «bkua_{hex:40}» x'],
  ignores: ['bkua_your_key_goes_here_xxxxxxxxxxxx'],
};
