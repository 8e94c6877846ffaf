// Adds the decision vectors to the ledger: `node --conditions=@flyball/source test/corpus/publish-decisions.ts`.
// An entry that exists is never changed: a ruling that changes on the same facts needs a new behaviour version.
import { writeFileSync } from 'node:fs';
import { LEDGER_FILE, decisionVectors, ledgerEntry, readLedger } from './decisions.ts';

const ledger: Record<string, Record<string, string>> = {};
for (const [version, entries] of Object.entries(readLedger())) ledger[version] = { ...entries };
let added = 0;
for (const { file, behaviorVersion, cases } of decisionVectors()) {
  const entries = (ledger[behaviorVersion] ??= {});
  for (const vector of cases) {
    const { facts, ruling } = await ledgerEntry(vector);
    if (entries[facts] !== undefined && entries[facts] !== ruling) {
      throw new Error(
        `${file}: the ruling of \`${vector.name}\` changed under ${behaviorVersion}; raise CONTRACT_VERSION`,
      );
    }
    if (entries[facts] === undefined) added++;
    entries[facts] = ruling;
  }
}
writeFileSync(LEDGER_FILE, `${JSON.stringify(ledger, undefined, 1)}\n`);
console.log(`${added} added`);
