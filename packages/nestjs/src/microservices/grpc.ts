import type { Denial } from '@flyball/http';
import type { ArgumentsHost } from '@nestjs/common';

/** What is needed of a call of `@grpc/grpc-js`. */
export interface GrpcCall {
  /** `/shop.Orders/Find`. */
  getPath(): string;
  readonly metadata: object;
}

/** The call behind a handler of gRPC; `undefined` for another transport. */
export function grpcCallOf(context: ArgumentsHost): GrpcCall | undefined {
  return context.getArgs<unknown[]>().find((arg): arg is GrpcCall => {
    const { getPath, metadata } = Object(arg) as Partial<GrpcCall>;
    return typeof getPath === 'function' && typeof metadata === 'object';
  });
}

/** PERMISSION_DENIED, RESOURCE_EXHAUSTED, UNAVAILABLE: by the status that HTTP has for it. */
const CODES: ReadonlyMap<number, number> = new Map([
  [403, 7],
  [429, 8],
  [503, 14],
]);
const UNKNOWN = 2;

/**
 * The status of a stopped call: the detail of the problem as its message, and all of it as JSON in the trailer
 * `flyball-problem-bin`.
 */
export function grpcStatus({ status, problem }: Denial, body: object, { metadata }: GrpcCall): object {
  const Metadata = metadata.constructor as new () => { set(name: string, value: Uint8Array): void };
  const trailer = new Metadata();
  trailer.set('flyball-problem-bin', Buffer.from(JSON.stringify(body)));
  return { code: CODES.get(status) ?? UNKNOWN, message: problem.detail, metadata: trailer };
}
