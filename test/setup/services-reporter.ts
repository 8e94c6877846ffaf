import { relative } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';
import { findServices, type Service } from './services.ts';

/**
 * Says which services answer before the tests run, and which tests did not run once they are through.
 * Listed before the default reporter, so that a run still ends in vitest's own summary.
 */
export class ServicesReporter implements Reporter {
  private services: readonly Service[] = [];

  async onTestRunStart(): Promise<void> {
    this.services = await findServices();
    for (const { name, answers, url, variable } of this.services) {
      const where = url.replace(/\/\/[^@/]*@/, '//');
      console.log(
        answers
          ? `${name} answers at ${where}: its tests run`
          : `${name} does not answer at ${where}: its tests are skipped (set ${variable} to run them)`,
      );
    }
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    if (process.env['FLYBALL_TESTS'] === 'quick') sayWhatIsLong(modules);
    // A file that failed before its tests began has skipped them too: that is said elsewhere.
    const lines = modules.filter((module) => module.state() !== 'failed').flatMap(skippedIn);
    if (lines.length === 0) return;
    const absent = this.services.filter((service) => !service.answers).map((service) => service.name);
    console.log(`\nSkipped tests${absent.length === 0 ? '' : ` (${absent.join(' and ')} not there)`}:`);
    for (const line of lines) console.log(`  ${line}`);
  }
}

/** Quick tests that are quick no more, so that somebody names them in `long-tests.ts`. */
function sayWhatIsLong(modules: readonly TestModule[]): void {
  const long = modules.filter((module) => module.diagnostic().duration > QUICK_MS);
  if (long.length === 0) return;
  console.log('\nLong for a quick test (the longest are named in test/setup/long-tests.ts):');
  for (const module of long) {
    const seconds = (module.diagnostic().duration / 1000).toFixed(0);
    console.log(`  ${relative(process.cwd(), module.moduleId)}: ${seconds} s`);
  }
}

const QUICK_MS = 15_000;

/** The skipped tests of a file by name, or only their number where they are many. */
function skippedIn(module: TestModule): readonly string[] {
  const file = relative(process.cwd(), module.moduleId);
  const names = [...module.children.allTests('skipped')].map((test) => {
    const result = test.result();
    return result.state === 'skipped' && result.note !== undefined
      ? `${test.fullName} (${result.note})`
      : test.fullName;
  });
  return names.length > MANY ? [`${file}: ${names.length} tests`] : names.map((name) => `${file} > ${name}`);
}

const MANY = 5;
