import { notify } from '@flyball/core/evidence';

export interface WarningOptions {
  /** Told in one line when writing begins to fail and when it works again. Default: a warning of the process. */
  readonly onWarning?: (message: string) => unknown;
}

/** How a sink speaks to people: to the listener it was given, or as a warning of the process. */
export function warnings({ onWarning }: WarningOptions, about: string): (message: string) => void {
  const warn = onWarning ?? ((message: string) => process.emitWarning(message, 'FlyballWarning'));
  return (message) => notify([warn], [`${about}: ${message}`]);
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
