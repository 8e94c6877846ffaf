// Compiled by `npm run check`, never run: what the types of the core promise, and the misuse they refuse.
import {
  applyEditsToContent,
  createGovernor,
  definePolicy,
  type Decision,
  type Governor,
  type OutputGate,
  type Piece,
} from '@flyball/core';
import { expectTypeOf } from 'vitest';

declare const governor: Governor;
declare const decision: Decision;

// The four outcomes, and no fifth.
expectTypeOf(decision.outcome).toEqualTypeOf<'ALLOW' | 'BLOCK' | 'COOLDOWN' | 'NO_OP'>();
expectTypeOf(createGovernor).returns.resolves.toEqualTypeOf<Governor>();
expectTypeOf(governor.decide).returns.resolves.toEqualTypeOf<Decision>();

// A decision cannot be changed by those who read it.
// @ts-expect-error readonly
decision.outcome = 'ALLOW';
// @ts-expect-error readonly
decision.edits.push({ segment: 'text', start: 0, end: 1, mask: '' });

// A gate carries the marks it was opened for, and text.
const interaction = governor.interaction({ tenant: 'acme' });
const output = interaction.event({ stage: 'output' });
expectTypeOf(governor.openGate<{ readonly id: string }>(output)).resolves.toEqualTypeOf<
  OutputGate<{ readonly id: string }>
>();
declare const piece: Piece<{ readonly id: string }>;
if (piece.kind === 'attachment') expectTypeOf(piece.value.id).toBeString();
else expectTypeOf(piece.text).toBeString();
// @ts-expect-error a channel that does not exist
(await governor.openGate(output)).write('audio', 'block', 'text');

// Applying edits keeps the form of the content, and may fail.
const applied = applyEditsToContent('text', decision.edits);
if (applied.ok) expectTypeOf(applied.value).toBeString();
// @ts-expect-error there is no value when an edit did not apply
void applied.value;

// Subjects have a tenant; stages and arguments are checked.
// @ts-expect-error no tenant
governor.interaction({ user: 'ada' });
// @ts-expect-error no such stage
interaction.event({ stage: 'prompt', content: 'text' });
// @ts-expect-error a function is not JSON
interaction.event({ stage: 'tool_call', args: { run: () => 1 } });

// Policies in TypeScript are checked while they are written.
const rule = { id: 'r', on: 'output', detect: 'secret', then: 'block', reason: 'P_SECRET' } as const;
definePolicy({ policy: 'p', version: 1, rules: [rule] });
// @ts-expect-error no such effect
definePolicy({ policy: 'p', version: 1, rules: [{ ...rule, then: 'forbid' }] });
// @ts-expect-error no such stage
definePolicy({ policy: 'p', version: 1, rules: [{ ...rule, on: 'prompt' }] });
// @ts-expect-error no such field
definePolicy({ policy: 'p', version: 1, rules: [rule], cooldown: [] });
// @ts-expect-error a duration has a unit
definePolicy({ policy: 'p', version: 1, deadline: '50' });
// @ts-expect-error an operator says why
void governor.control.halt({ tenant: 'acme' }, { who: 'ops' });
