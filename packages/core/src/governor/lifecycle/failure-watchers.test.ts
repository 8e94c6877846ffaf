import { describe, expect, test } from 'vitest';
import type { Decision, Failure } from '../../contract/ruling.ts';
import { createGovernor } from '../../governor.ts';
import { createEventHub } from './events.ts';

const FAILURE: Failure = { part: 'detector', id: 'd', code: 'THREW' };
const decisionOf = (reason: string): Decision => ({ reason }) as Decision;

describe('who watches failures', () => {
  function watched() {
    const told: unknown[] = [];
    const hub = createEventHub(() => 7);
    for (const name of ['first', 'second'])
      hub.watchFailures({
        failed: (failure, cause) => void told.push([name, failure, cause]),
        closed: ({ reason }) => void told.push([name, reason]),
      });
    return { hub, told };
  }

  test('hears of each, whether anybody listens or not, and of its cause', () => {
    const { hub, told } = watched();
    const cause = new Error('broken');
    hub.fail(FAILURE, cause);
    const both = ['first', 'second'].map((name) => [name, FAILURE, cause]);
    expect([told, hub.heard]).toEqual([both, false]);
    const heard: unknown[] = [];
    const stop = hub.subscribe((event) => void heard.push(event));
    hub.fail(FAILURE, 'no error');
    expect(told.slice(2)).toEqual(['first', 'second'].map((name) => [name, FAILURE, 'no error']));
    const event = { kind: 'failure', at: 7, failure: FAILURE, cause: 'no error' };
    expect(heard).toEqual([{ ...event, message: 'detector `d` failed (THREW)' }]);
    hub.fail(FAILURE, cause);
    expect(heard[1]).toEqual({ ...event, cause, message: 'detector `d` failed (THREW): broken' });
    stop();
    hub.fail(FAILURE, cause);
    expect(heard).toHaveLength(2);
  });

  test('hears of a decision that stops because a part failed, and of no other', () => {
    const { hub, told } = watched();
    for (const reason of ['P_RULE', 'FAILED_CLOSED', 'AUDIT_UNAVAILABLE']) hub.decided(decisionOf(reason));
    expect(told).toEqual([
      ['first', 'FAILED_CLOSED'],
      ['second', 'FAILED_CLOSED'],
    ]);
  });

  test('is not kept from hearing by another one that breaks', () => {
    const hub = createEventHub(() => 0);
    const told: string[] = [];
    hub.watchFailures({
      failed() {
        throw new Error('watcher');
      },
      closed() {
        throw new Error('watcher');
      },
    });
    hub.watchFailures({ failed: () => void told.push('failed'), closed: () => void told.push('closed') });
    hub.fail(FAILURE, undefined);
    hub.decided(decisionOf('FAILED_CLOSED'));
    expect(told).toEqual(['failed', 'closed']);
  });
});

test('ids that a governor makes say what they are of', async () => {
  const governor = await createGovernor({ policy: { policy: 'p', version: 1 } });
  const interaction = governor.interaction({ tenant: 't' });
  const event = interaction.event({ stage: 'input', content: 'a' });
  const decision = await governor.decide(event);
  const ids = [interaction.id, event.interactionId, event.id, decision.eventId, decision.auditId];
  expect(ids.map((id) => id.slice(0, 4))).toEqual(['int_', 'int_', 'evt_', 'evt_', 'aud_']);
  await governor.close();
});
