import type { Telemetry, TelemetryOptions } from 'ai';
import type { Hearing } from './hearing.ts';

/**
 * The call's telemetry, with an integration of governance in it that learns when the SDK ends a run, however it does: a
 * run holds its places in limits until then. Integrations that are given replace the global ones, so those are taken
 * along. All of them hear of prompts as the model gets them.
 */
export function telling<OPTIONS extends TelemetryOptions<never, never>>(
  telemetry: OPTIONS | undefined,
  hearing: Hearing,
  onOver: () => void,
): OPTIONS {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: registered = [] } = globalThis as {
    readonly AI_SDK_TELEMETRY_INTEGRATIONS?: readonly Telemetry[];
  };
  const given = telemetry?.integrations ?? registered;
  const integrations = Array.isArray(given) ? (given as readonly Telemetry[]) : [given as Telemetry];
  const over = (event: { readonly callId?: string }): void => {
    hearing.forget(event.callId);
    onOver();
  };
  // INVARIANT: the last one, so that the others have heard of the end when the call is forgotten.
  const own: Telemetry = { onEnd: over, onAbort: over, onError: onOver };
  return {
    ...telemetry,
    integrations: [...integrations.map((integration) => hearing.heardBy(integration)), own],
  } as OPTIONS;
}
