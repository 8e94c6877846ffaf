import { fileURLToPath } from 'node:url';
import { createGovernor } from '@flyball/core';
import { supportAgent } from './agent.ts';
import { SCENES } from './scenes.ts';

const governor = await createGovernor({ policy: { file: fileURLToPath(new URL('../policy.yaml', import.meta.url)) } });
const ask = supportAgent(governor);

for (const message of Object.keys(SCENES)) {
  const { text, finishReason, ran, decisions } = await ask('ada', message);
  console.log(`\nuser       ${message}`);
  console.log(`assistant  ${text}`);
  console.log(`finish     ${finishReason}`);
  console.log(`tools ran  ${ran.join(', ') || 'none'}`);
  for (const { outcome, reason, edits } of decisions) {
    if (edits.length > 0) console.log(`decision   ${outcome} ${reason}, masked`);
    else if (outcome === 'BLOCK' || outcome === 'COOLDOWN') console.log(`decision   ${outcome} ${reason}`);
  }
}

await governor.close();
