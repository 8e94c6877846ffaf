import { isPlaceholder } from '../../check/placeholder.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Other parameters of the same address. */
const OF_A_SIGNATURE =
  /[?&;](?:sv=20\d\d-\d\d-\d\d|se=20\d\d-|st=20\d\d-|sp=[a-z]{1,12}&|spr=https|sr=[a-z]{1,3}&|skn=)/;

/** The signature of an address that opens a container, a queue or a topic to whoever has it. */
export const azureSas: Recogniser = {
  type: 'secret.azure_sas',
  name: 'Azure shared access signature',
  exceptable: false,
  forms: [
    {
      find: /(?<=[?&;])sig=[A-Za-z0-9%+/]{40,90}(?:%3[Dd]|=)(?![A-Za-z0-9%+/=])/,
      score: 1,
      accepts: (match, before) => OF_A_SIGNATURE.test(before) && !isPlaceholder(match),
    },
  ],
  source: 'Azure Storage, create a service SAS; Service Bus, access control with shared access signatures',
  since: '0.5.0',
  finds: [
    'https://acme.blob.example/c?sv=2022-11-02&sr=c&«sig={base62:43}%3D»',
    'SharedAccessSignature sr=acme&se=2027-01-01&«sig={base62:43}%3D»&skn=root',
  ],
  ignores: ['https://acme.example/c?sig={base62:43}%3D', 'https://acme.blob.example/c?sv=2022-11-02&sr=c&sig=redacted'],
};
