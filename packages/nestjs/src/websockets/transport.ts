import { promptsOf } from '@flyball/http';
import type { Resource } from '@flyball/core/adapter';
import type { ArgumentsHost } from '@nestjs/common';
import { BaseWsExceptionFilter, WsException } from '@nestjs/websockets';

import type { Arrival, SplitValue, Transport } from '../arrival.ts';
import type { CallPrompts, UnknownTexts } from '../call-prompts.ts';
import { promptsIn } from '../to-event.ts';
import { shownOf } from '../shown.ts';
import { ackOf, judgeAck } from './ack.ts';

/** Position of the message's data among the arguments of a handler. */
const DATA = 1;

class MessageArrival implements Arrival {
  readonly key: object;
  readonly resource: Resource;

  constructor(context: ArgumentsHost) {
    // The array of the call: Nest hands the same one to everything that handles it.
    this.key = context.getArgs<object & unknown[]>();
    this.resource = { route: nameOf(context.switchToWs().getPattern()) };
  }

  get shared(): object {
    return this.key;
  }

  get payload(): unknown {
    return (this.key as unknown[])[DATA];
  }

  replace(payload: unknown): boolean {
    (this.key as unknown[])[DATA] = payload;
    return true;
  }

  read(unknown: UnknownTexts): CallPrompts {
    const { payload } = this;
    if (ArrayBuffer.isView(payload)) return { segments: [], media: ['body'] };
    if (payload === undefined || payload === null) return { segments: [] };
    const prompts = promptsOf(payload, 'body', unknown === 'refuse' ? 'judge' : unknown);
    return promptsIn(prompts, 'body', unknown, payload);
  }
}

/**
 * Gateways, for `GovernanceModule.forRoot({ transports: [webSockets()] })`. A stop is told as Nest tells of a
 * `WsException`: an `exception` event with the problem, or the acknowledgement of socket.io, with `{ error: problem }`.
 */
export function webSockets(): Transport {
  return {
    type: 'ws',
    answers: 'values',
    arrival: (context) => new MessageArrival(context),
    error: ({ problem }, body) => Object.assign(new WsException(body), { message: problem.detail }),
    split,
    tell(body, context) {
      const ack = ackOf(context);
      if (ack !== undefined) ack({ error: body });
      else if (FILTERS_REACH_SOCKETS || !sendByThemselves(context)) return false;
      else
        context
          .switchToWs()
          .getClient<Native>()
          .send(JSON.stringify({ event: 'exception', data: body }));
      return true;
    },
    shown: (error) => (error instanceof WsException ? shownOf(error.getError()) : undefined),
    before: judgeAck,
  };
}

/** A client of `ws`, and not of socket.io. */
interface Native {
  readonly readyState?: unknown;
  send(text: string): void;
}

/** The filters of Nest 11 emit to a client of `ws` what only its own process hears: there nobody would be told. */
const FILTERS_REACH_SOCKETS = 'isNativeWebSocket' in BaseWsExceptionFilter.prototype;

function sendByThemselves(context: ArgumentsHost): boolean {
  const { readyState, send } = context.switchToWs().getClient<Partial<Native>>();
  return typeof readyState === 'number' && typeof send === 'function';
}

/** Gateways answer `{ event, data }`: what the event is called is its name, and the data is read as it is. */
function split(value: unknown): SplitValue {
  if (typeof value !== 'object' || value === null || !('event' in value)) return { data: value, with: (data) => data };
  const { event, data } = value as { readonly event: unknown; readonly data?: unknown };
  if (typeof event !== 'string') return { data: value, with: (changed) => changed };
  return { name: event, data, with: (changed) => ({ ...value, data: changed }) };
}

const nameOf = (pattern: unknown): string =>
  (typeof pattern === 'string' && pattern !== '' ? pattern : 'message').slice(0, 512);
