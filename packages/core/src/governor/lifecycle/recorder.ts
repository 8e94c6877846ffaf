import type { Sink } from '../../audit/sink.ts';
import type { Clock } from '../../clock.ts';
import { RECORD_SCHEMA_VERSION, type AuditRecord } from '../../contract/record.ts';
import { mintId } from '../../ids.ts';
import { mapMaybe } from '../../outside/maybe-promise.ts';
import type { ControlNotice } from '../../state/near-cache.ts';
import { accept } from '../commit.ts';
import type { EventHub, SubjectChange } from './events.ts';
import type { PolicyChange } from './policies.ts';

export interface RecorderParts {
  readonly sink: Sink | undefined;
  readonly clock: Clock;
  readonly events: EventHub;
  refused(): void;
}

/** Writes down what is no decision: changes of policies and of operators' controls. Nobody waits for these records. */
export interface Recorder {
  policy(change: PolicyChange): void;
  control(notice: ControlNotice): void;
  subject(change: SubjectChange): void;
}

export function createRecorder({ sink, clock, events, refused }: RecorderParts): Recorder {
  function keep(entry: AuditRecord): void {
    if (sink === undefined) return;
    void mapMaybe(accept(sink, entry), (answer) => {
      if (answer.ok) return;
      refused();
      events.fail(answer.failure, answer.cause);
    });
  }

  return {
    policy(change) {
      const at = clock.now();
      keep({ schemaVersion: RECORD_SCHEMA_VERSION, kind: 'policy', auditId: mintId('aud', at), at, ...change });
      events.emit({ kind: 'policy', at, change });
    },
    control({ op, control, by }) {
      const at = clock.now();
      const told = { change: op === 'set' ? 'set' : 'lifted', control, ...(by !== undefined && { by }) } as const;
      keep({ schemaVersion: RECORD_SCHEMA_VERSION, kind: 'control', auditId: mintId('aud', at), at, ...told });
      events.emit({ kind: 'control', at, ...told });
    },
    subject(change) {
      const at = clock.now();
      keep({ schemaVersion: RECORD_SCHEMA_VERSION, kind: 'subject', auditId: mintId('aud', at), at, ...change });
      events.emit({ kind: 'subject', at, ...change });
    },
  };
}
