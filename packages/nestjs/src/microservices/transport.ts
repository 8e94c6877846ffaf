import { promptsOf, UNREADABLE_TEXTS, type Denial } from '@flyball/http';
import type { Resource } from '@flyball/core/adapter';
import type { ArgumentsHost } from '@nestjs/common';
import { RpcException } from '@nestjs/microservices';

import type { Arrival, Transport } from '../arrival.ts';
import { shownOf } from '../shown.ts';
import type { CallPrompts, UnknownTexts } from '../call-prompts.ts';
import { promptsIn } from '../to-event.ts';
import { grpcCallOf, grpcStatus } from './grpc.ts';

export interface MicroservicesOptions {
  /**
   * What a stopped caller is sent as the error of its call, where its clients want another shape. Default: the problem;
   * over gRPC a status, which has the problem in its trailer `flyball-problem-bin`. `body` is the problem too, or the
   * application's words of `onDenied`.
   */
  readonly error?: (denial: Denial, body: object) => object;
}

/** Position of the payload among the arguments of a handler. */
const DATA = 0;

class CallArrival implements Arrival {
  readonly key: object;
  readonly resource: Resource;

  constructor(context: ArgumentsHost) {
    // The array of the call: Nest hands the same one to everything that handles it.
    this.key = context.getArgs<object & unknown[]>();
    this.resource = { route: grpcCallOf(context)?.getPath() ?? patternOf(context.switchToRpc().getContext()) };
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
    if (isStream(payload)) return UNREADABLE_TEXTS;
    if (ArrayBuffer.isView(payload)) return { segments: [], media: ['body'] };
    if (payload === undefined || payload === null) return { segments: [] };
    const prompts = promptsOf(payload, 'body', unknown === 'refuse' ? 'judge' : unknown);
    return promptsIn(prompts, 'body', unknown, payload);
  }
}

/**
 * Microservices and hybrid applications, for `GovernanceModule.forRoot({ transports: [microservices()] })`. A stopped
 * caller gets the problem as the error of its call. The sender of an event hears of nothing: the record is the only
 * trace.
 */
export function microservices({ error }: MicroservicesOptions = {}): Transport {
  return {
    type: 'rpc',
    answers: 'values',
    arrival: (context) => new CallArrival(context),
    error(denial, body, context) {
      const call = grpcCallOf(context);
      const shape = (): object => (call === undefined ? body : grpcStatus(denial, body, call));
      // Filters of applications tell messages.
      const { detail } = denial.problem;
      return Object.assign(new RpcException(error?.(denial, body) ?? shape()), { message: detail });
    },
    tell: (_body, context) => isKafkaEvent(context),
    shown: (failure) => (failure instanceof RpcException ? shownOf(failure.getError()) : undefined),
  };
}

/**
 * What a client streams over gRPC comes after the decision: as an Observable, or through the call that the handler is
 * given.
 */
function isStream(payload: unknown): boolean {
  const { subscribe, pipe } = Object(payload) as { readonly subscribe?: unknown; readonly pipe?: unknown };
  return typeof subscribe === 'function' || typeof pipe === 'function';
}

/**
 * A record of Kafka that waits for no reply. Nobody reads an error of it but the consumer, which takes it for a failure
 * and hands the record out again, without end.
 */
function isKafkaEvent(context: ArgumentsHost): boolean {
  const { getMessage, getPartition } = Object(context.switchToRpc().getContext()) as {
    readonly getMessage?: unknown;
    readonly getPartition?: unknown;
  };
  if (typeof getMessage !== 'function' || typeof getPartition !== 'function') return false;
  const { headers = {} } = context.switchToRpc().getContext<{ getMessage(): KafkaRecord }>().getMessage();
  return headers['kafka_correlationId'] === undefined || headers['kafka_replyTopic'] === undefined;
}

interface KafkaRecord {
  readonly headers?: { readonly [name: string]: unknown };
}

/** What the context of each transport calls the pattern of a message. */
const NAMES = ['getPattern', 'getSubject', 'getChannel', 'getTopic'] as const;

function patternOf(context: unknown): string {
  const given = Object(context) as { readonly [name in (typeof NAMES)[number]]?: () => unknown };
  const name = NAMES.find((one) => typeof given[one] === 'function');
  const pattern = name === undefined ? undefined : given[name]!();
  return typeof pattern === 'string' && pattern !== '' ? pattern.slice(0, 512) : 'message';
}
