// `npm run streamtest -- --cases N --seed S`: random streams of events through the reader of answers. A secret stands
// in any value of an event, whole or cut over the values of one path, or nowhere. Exit code 1 if it left whole, or if a
// stream without it was changed.
import { readWords } from '../usage.ts';
import { emptyTally, governors, runCase } from './run-cases.ts';

const USAGE = [
  'npm run streamtest -- [--cases 100000] [--seed 1]',
  '  random streams of events through the reader of answers; 1 if a secret left whole, or a clean stream was changed',
];
const { values } = readWords(USAGE, {
  cases: { type: 'string', default: '100000' },
  seed: { type: 'string', default: '1' },
});
const cases = Number(values.cases);
const seed = Number(values.seed);
if (!Number.isSafeInteger(cases) || cases < 1 || !Number.isSafeInteger(seed)) {
  console.error(['give whole numbers', ...USAGE].join('\n'));
  process.exit(2);
}
const start = performance.now();
const tally = emptyTally();
const tried = await governors();
for (let number = 0; tally.cases < cases; number++) await runCase(seed, number, tried, tally);
for (const governor of tried) await governor.close();
for (const failure of tally.failures) console.log(JSON.stringify(failure, null, 2));
console.log(
  `${tally.cases} cases in ${((performance.now() - start) / 1000).toFixed(1)} s, seed ${seed}, ${tally.planted} with the secret`,
);
console.log(
  `whole secrets out ${tally.leaks}, clean streams changed ${tally.changed}, parts out ${tally.parts}, of them unrecorded ${tally.unsaid}`,
);
process.exitCode = tally.leaks + tally.changed + tally.unsaid === 0 ? 0 : 1;
