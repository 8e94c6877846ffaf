import { marked } from '../../form/issued.ts';
import type { Recogniser } from '../../recogniser.ts';

/** Azure Service Bus / Event Hubs. */
export const azureServicebus: Recogniser = {
  type: 'secret.azure_servicebus',
  name: 'Azure Service Bus / Event Hubs (azure-servicebus)',
  forms: [marked('SharedAccessKey=[A-Za-z0-9+/]{43}=')],
  source: 'Azure Service Bus / Event Hubs, documentation',
  since: '0.2.0',
  finds: ['key «SharedAccessKey={base62:43}=» x'],
  ignores: ['SharedAccessKeyyour_key_goes_here_xxxxxxxxxxxx'],
};
