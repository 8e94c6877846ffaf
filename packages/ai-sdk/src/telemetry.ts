import type { Telemetry, TelemetryOptions } from 'ai';

/**
 * The call's telemetry, with an integration of governance in it that learns when the SDK ends a run, however it does: a run holds its
 * places in limits until then. Integrations that are given replace the global ones, so those are taken along.
 */
export function telling<OPTIONS extends TelemetryOptions<never, never>>(
  telemetry: OPTIONS | undefined,
  onOver: () => void,
): OPTIONS {
  const { AI_SDK_TELEMETRY_INTEGRATIONS: registered = [] } = globalThis as {
    readonly AI_SDK_TELEMETRY_INTEGRATIONS?: readonly Telemetry[];
  };
  const given = telemetry?.integrations ?? registered;
  const own: Telemetry = { onEnd: onOver, onAbort: onOver, onError: onOver };
  return {
    ...telemetry,
    integrations: [...(Array.isArray(given) ? (given as Telemetry[]) : [given as Telemetry]), own],
  } as OPTIONS;
}
