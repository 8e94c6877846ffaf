// Examples of the API reference: each runs from its mark to the next. The types of all of them are checked.
import {
  createGovernor,
  standardExpressions,
  standardFolding,
  standardLooking,
  type PrecompiledPolicy,
} from '@flyball/core/precompiled';

/** In an application: `import policy from './policy.compiled.js'`, which `flyball compile` wrote. */
declare const policy: PrecompiledPolicy;

// example: createGovernor
const governor = await createGovernor({ policy });
const interaction = governor.interaction({ tenant: 'acme', user: 'ada' });
const { outcome } = await governor.decide(interaction.event({ stage: 'input', content: 'Hello' }));

// example: standardFolding
// Compiled policies import it where they need it: what `е` (Cyrillic) is read as.
console.log(standardFolding().read(0x435)); // [0x65]

// example: standardLooking
// Compiled policies import it where a recogniser is code, such as the one that decodes.
console.log(Object.keys(standardLooking())); // ['lookedFor', 'lookingDetector']

// example: standardExpressions
// Compiled policies import it where they have conditions, or amounts that are expressions.
console.log(Object.keys(standardExpressions())); // ['conditionOf', 'amountOf']

// end
await governor.close();
console.log(outcome);
