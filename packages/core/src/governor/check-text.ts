import { CHANNELS, type Channel } from '../contract/event.ts';
import type { StreamedStage } from '../detection/plan.ts';
import { FlyballError } from '../errors.ts';

/** Throws `EVENT_INVALID` for what a gate of a stage cannot take. */
export function checkText(channel: Channel, text: string, stage: StreamedStage): void {
  if (typeof text !== 'string' || !CHANNELS.includes(channel)) {
    throw new FlyballError(
      'EVENT_INVALID',
      `a gate takes text of a channel (${CHANNELS.join(', ')}), not \`${channel}\` with ${typeof text}`,
    );
  }
  if (channel === 'tool_input' && stage !== 'output') {
    throw new FlyballError(
      'EVENT_INVALID',
      `tool input streams in an output, not at stage \`${stage}\`: write it as \`text\``,
    );
  }
}
