import type { ControlChange, ControlRequest, ControlTerms, Push } from '@flyball/core/store';

/** What the `control` function takes after clock and channel, its field aside. */
export function encodeRequest(request: ControlRequest): readonly string[] {
  if (request.op === 'lift') {
    const { id, who, why, only } = request;
    const lifted = only === undefined ? '' : JSON.stringify(only);
    return ['lift', JSON.stringify(id), '', JSON.stringify({ who, why }), '', '', lifted];
  }
  const { id, kind, scope, mode, share, who, why } = request.control;
  const terms: ControlTerms = {
    ...{ id, kind, scope, who, why },
    ...(mode !== undefined && { mode }),
    ...(share !== undefined && { share }),
  };
  const body = [JSON.stringify(id), JSON.stringify(terms), JSON.stringify({ who, why })];
  return request.op === 'set'
    ? ['set', ...body, '', String(request.forMs ?? ''), '']
    : ['restore', ...body, String(request.control.at), String(request.remainingMs ?? ''), ''];
}

/** Reads the lines that the library keeps of a change. */
export function decodeChange(text: string): ControlChange {
  const [op, , epoch, at, since, ends, control, by] = text.split('\n');
  const { who, why } = JSON.parse(by!) as { who: string; why: string };
  return {
    epoch: Number(epoch),
    op: op as ControlChange['op'],
    control: Object.freeze({
      ...(JSON.parse(control!) as ControlTerms),
      at: Number(since),
      ...(ends === '' ? {} : { expiresAt: Number(ends) }),
    }),
    who,
    why,
    at: Number(at),
  };
}

/**
 * A message on the channel of changes; `undefined` when it is none of ours, or of a version that did not say whose it
 * is: the next re-read brings it.
 */
export function decodePush(message: string): Push | undefined {
  const [kind, incarnation, ...lines] = message.split('\n');
  if (kind === 'cooldown' && lines.length === 3) {
    const [epoch, remaining, key] = lines;
    return { kind, incarnation: incarnation!, epoch: Number(epoch), key: key!, retryAfterMs: Number(remaining) };
  }
  if (kind !== 'control' || lines.length !== 8) return undefined;
  return { kind, incarnation: incarnation!, change: decodeChange(lines.join('\n')) };
}
