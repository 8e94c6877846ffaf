import { issued } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** NuGet. */
export const nuget: Recogniser = {
  type: 'secret.nuget',
  name: 'NuGet (nuget)',
  forms: [issued(['oy2'], /oy2[a-z0-9]{43}/)],
  source: 'NuGet; secret scanning partners of GitHub',
  since: '0.2.0',
  finds: ['key «oy2{base36:43}» x'],
  ignores: ['oy2your_key_goes_here_xxxxxxxxxxxx'],
};
