import {
  isDenied,
  isPromise,
  type AdapterGovernor,
  type Decision,
  type OutputGate,
  type SegmentInit,
} from '@flyball/core/adapter';

import { EventFlow } from '../body/event-flow.ts';
import { LateBody } from '../body/late.ts';
import type { GovernedBody, Outlet } from '../body/outlet.ts';
import type { Part } from '../body/part.ts';
import { StreamedBody } from '../body/streamed.ts';
import { UncoveredBody } from '../body/uncovered.ts';
import { utf8Reader } from '../body/utf8-reader.ts';
import { DetectedFormat } from '../formats/index.ts';
import {
  DEFAULT_MAX_BODY,
  tellFailure,
  tellStopped,
  tellWarning,
  type GateResponseOptions,
} from '../response/options.ts';
import { coversOutput, outputEvent } from '../response/output-event.ts';
import { lineOf, valueFraming } from './value-framing.ts';

/** Where governed values go. Nothing is called after `end`, `stop` or `fail`. */
export interface ValueOutlet {
  /** The next value may leave: its JSON, masks in place. In the order in which values came. */
  value(json: string): void;
  /** All values have left. */
  end(): void;
  /** Nothing more may leave. Where `decision` denies nothing, governance ended before the answer did. */
  stop(decision: Decision): void;
  /** Governance itself broke: nothing more may leave. */
  fail(error: unknown): void;
}

/** A stream of values under governance. */
export interface GovernedValues {
  /** The JSON of a value, and its name where the transport has one: it is judged too. */
  push(json: string, name?: string): void;
  end(): void;
  /** Its reader has left, or its source has failed: what is held is dropped. */
  abort(): void;
}

/**
 * Governs an answer that is sent value by value and has no response that could be gated: messages of a socket, a stream
 * of a microservice. Texts are read as in a stream of JSON lines: what a protocol is known to cut as one text,
 * everything else alone and as what continues earlier values of its path. While nothing is enforced every value leaves
 * at once, and a copy is judged.
 */
export function governValues(
  to: ValueOutlet,
  options: GateResponseOptions & { readonly governor: AdapterGovernor },
): GovernedValues {
  return options.mode === 'enforce' ? enforced(to, options) : watched(to, options);
}

function enforced(
  to: ValueOutlet,
  options: GateResponseOptions & { readonly governor: AdapterGovernor },
): GovernedValues {
  let sent = false;
  const write = (lines: string | Uint8Array): boolean => {
    for (const json of (lines as string).split('\n')) {
      if (json === '') continue;
      sent = true;
      to.value(json);
    }
    return true;
  };
  const stop = (decision: Decision): void => {
    tellStopped(options, decision);
    to.stop(decision);
  };
  const outlet: Outlet = {
    get sent() {
      return sent;
    },
    write,
    end(rest) {
      write(rest);
      to.end();
    },
    refuse: stop,
    cut(decision, rest) {
      write(rest);
      stop(decision);
    },
    breakOff: stop,
    fail: (error) => to.fail(error),
    drained: () => undefined,
  };
  return linesInto(bodyOf(outlet, options));
}

function watched(
  to: ValueOutlet,
  options: GateResponseOptions & { readonly governor: AdapterGovernor },
): GovernedValues {
  let halted = false;
  const outlet: Outlet = {
    sent: true,
    write: () => true,
    end: () => undefined,
    refuse: () => undefined,
    breakOff: () => undefined,
    drained: () => undefined,
    fail: (error) => tellFailure(options, error),
    cut(decision) {
      // Without enforcement only a halt stops anything.
      if (!isDenied(decision) || halted) return;
      halted = true;
      tellStopped(options, decision);
      to.stop(decision);
    },
  };
  const known = options.known?.();
  const create = (): GovernedBody => bodyOf(outlet, options);
  const copy = linesInto(
    isPromise(known) ? new LateBody(known, options.maxBody ?? DEFAULT_MAX_BODY, create) : create(),
  );
  return {
    push(json, name) {
      if (halted) return;
      to.value(json);
      copy.push(json, name);
    },
    end() {
      copy.end();
      if (!halted) to.end();
    },
    abort: () => copy.abort(),
  };
}

/** Where nothing covers the answer its values pass unread, and only a halt ends it. */
function bodyOf(outlet: Outlet, options: GateResponseOptions & { readonly governor: AdapterGovernor }): GovernedBody {
  const { governor } = options;
  const event = (content: readonly SegmentInit[]) => outputEvent(options, content);
  const open = (): Promise<OutputGate<never>> => governor.openGate<never>(event([]));
  if (!coversOutput(options)) return new UncoveredBody({ outlet: unnamed(outlet), open });
  return new StreamedBody({
    outlet,
    open,
    refuse: (reason, insteadOf) => governor.refuse(event([]), reason, insteadOf),
    flow: (gate) =>
      new EventFlow(gate as OutputGate<unknown> as OutputGate<Part>, valueFraming(), new DetectedFormat(options)),
    maxHeld: options.maxBody ?? DEFAULT_MAX_BODY,
    decided: ({ signals }) => {
      if (signals.some(({ joined }) => joined === true)) tellWarning(options, 'JOINED_ROWS');
    },
    failed: (error) => tellFailure(options, error),
    utf8: utf8Reader(false),
  });
}

/** What passes unread is still in lines with names. */
function unnamed(outlet: Outlet): Outlet {
  const json = (lines: string | Uint8Array): string =>
    (lines as string)
      .split('\n')
      .map((line) => line.slice(line.indexOf('\t') + 1))
      .join('\n');
  return Object.create(outlet, {
    write: { value: (lines: string | Uint8Array) => outlet.write(json(lines)) },
  }) as Outlet;
}

function linesInto(body: GovernedBody): GovernedValues {
  return {
    push: (json, name) => void body.write(lineOf(json, name)),
    end: () => body.end(),
    abort: () => body.abort(),
  };
}
