import { isPromise, mapMaybe } from '@flyball/core/adapter';
import type { ArgumentsHost } from '@nestjs/common';

import type { JudgeValue } from '../arrival.ts';

type Ack = (...answer: readonly unknown[]) => void;

/** Acknowledgements that were given to a handler in the place of the client's own. */
const originals = new WeakMap<Ack, Ack>();

function positionOf(context: ArgumentsHost): number {
  return context.getArgs<unknown[]>().findIndex((argument) => typeof argument === 'function');
}

/** The client's acknowledgement of a socket.io message, where it wants one. */
export function ackOf(context: ArgumentsHost): Ack | undefined {
  const ack = context.getArgs<unknown[]>()[positionOf(context)] as Ack | undefined;
  return ack && (originals.get(ack) ?? ack);
}

/**
 * A handler that calls the acknowledgement itself (`@Ack()`) answers past everything: it is given one that judges. What
 * a handler returns reaches the client's own, which Nest keeps.
 */
export function judgeAck(context: ArgumentsHost, judge: JudgeValue): void {
  const at = positionOf(context);
  const args = context.getArgs<unknown[]>();
  const ack = args[at] as Ack | undefined;
  if (ack === undefined || originals.has(ack)) return;
  const judging: Ack = (...answer) => {
    const told = mapMaybe(judge(answer), (judged) => {
      if ('denied' in judged) ack({ error: judged.denied });
      else ack(...(judged.value as readonly unknown[]));
    });
    // A governor that is closed judges nothing, and nothing leaves.
    if (isPromise(told)) told.catch(() => undefined);
  };
  originals.set(judging, ack);
  args[at] = judging;
}
