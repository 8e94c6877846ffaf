import { promptsOf, type Problem } from '@flyball/http';
import type { Resource } from '@flyball/core/adapter';
import type { ArgumentsHost } from '@nestjs/common';

import type { Arrival, RawExchange, Transport } from '../arrival.ts';
import { GovernanceException } from '../exception.ts';
import { rawOf, type PlatformRequest, type PlatformResponse } from '../http-transport.ts';
import type { CallPrompts, UnknownTexts } from '../call-prompts.ts';
import { allOf } from '../shown.ts';
import { promptsIn } from '../to-event.ts';
import { rememberReplies, replyTo } from './fastify-replies.ts';

/** What is read of the last argument of a resolver. */
interface ResolveInfo {
  readonly fieldName: string;
  readonly parentType: { readonly name: string };
  readonly operation: { readonly operation: string };
  readonly schema: { getSubscriptionType(): unknown };
}

/** Contexts of the drivers: Apollo on Express and on Fastify, Mercurius. */
interface DriverContext {
  readonly req?: PlatformRequest & { readonly res?: PlatformResponse };
  readonly res?: PlatformResponse;
  readonly request?: PlatformRequest;
  readonly reply?: PlatformResponse & { readonly request?: PlatformRequest };
}

type ResolverArgs = readonly [root: unknown, args: object, context: unknown, info: ResolveInfo];

class ResolverArrival implements Arrival {
  readonly key: object;
  readonly shared: object;
  readonly resource: Resource;
  readonly raw?: RawExchange;
  readonly #args: object;

  constructor(host: ArgumentsHost) {
    const [, args, context, info] = host.getArgs<ResolverArgs & unknown[]>();
    this.#args = args ?? {};
    // Each resolver of an operation has an object of its own, and they share the operation's.
    this.key = info;
    this.shared = info.operation;
    this.resource = { route: `${info.parentType.name}.${info.fieldName}`.slice(0, 512) };
    const raw =
      info.operation.operation === 'subscription' ? undefined : exchangeBehind(Object(context) as DriverContext);
    if (raw !== undefined) {
      this.raw = raw;
      this.shared = raw.res;
    }
  }

  get payload(): unknown {
    return this.#args;
  }

  /** The object that the resolver is given is the one that is edited: nothing can be put in its place. */
  replace(payload: unknown): boolean {
    Object.assign(this.#args, payload);
    return true;
  }

  read(unknown: UnknownTexts): CallPrompts {
    const prompts = promptsOf(this.#args, 'body', unknown === 'refuse' ? 'judge' : unknown);
    return promptsIn(prompts, 'body', unknown, this.#args);
  }
}

/**
 * GraphQL, for `GovernanceModule.forRoot({ transports: [graphql()] })`. A stopped resolver is an error among the
 * `errors` of the answer, beside the data of the others; what only the whole answer shows (field resolvers, error
 * messages) is judged on the response. A stopped subscription gets a last payload with the error, and then its end.
 */
export function graphql(): Transport {
  return {
    type: 'graphql',
    answers: 'both',
    arrival: (context) => new ResolverArrival(context),
    error: (denial, body) =>
      Object.assign(new GovernanceException(denial, body), { extensions: extensionsOf(denial.problem, body) }),
    prepare: rememberReplies,
    isStream(context) {
      const { operation, parentType, schema } = context.getArgs<ResolverArgs & unknown[]>()[3];
      return operation.operation === 'subscription' && parentType === schema.getSubscriptionType();
    },
    shown: allOf,
    lastValue,
    answer(body, { res }, { problem }) {
      // Clients look for `errors` only where the status says that there is an answer.
      res.statusCode = 200;
      res.setHeader('Content-Type', 'application/json; charset=utf-8');
      res.setHeader('Cache-Control', 'no-store');
      const errors = [{ message: problem.detail, extensions: extensionsOf(problem, body) }];
      res.end(JSON.stringify({ errors, data: null }));
    },
  };
}

function extensionsOf(problem: Problem, body: object): object {
  return { code: problem.reason, governance: body };
}

function exchangeBehind({ req, res, request, reply }: DriverContext): RawExchange | undefined {
  const asked = req ?? request ?? reply?.request;
  const answer: PlatformResponse | undefined =
    res ?? reply ?? req?.res ?? (replyTo(asked?.raw) as PlatformResponse | undefined);
  if (asked === undefined || answer === undefined) return undefined;
  const raw = rawOf(asked, answer);
  return typeof raw.res.writeHead === 'function' ? raw : undefined;
}

/** Whatever field of it is resolved, the error is met: the client gets an ordinary result with `errors`. */
function lastValue(error: Error): object {
  const fail = (): never => {
    throw error;
  };
  // Not a promise, and nothing that rxjs could take for something else.
  return new Proxy({}, { get: (_, name) => (typeof name === 'symbol' || name === 'then' ? undefined : fail()) });
}
