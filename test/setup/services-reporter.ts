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
    const skipped = modules.flatMap((module) =>
      [...module.children.allTests('skipped')].map((test) => {
        const result = test.result();
        const note = result.state === 'skipped' && result.note !== undefined ? ` (${result.note})` : '';
        return `  ${relative(process.cwd(), module.moduleId)} > ${test.fullName}${note}`;
      }),
    );
    if (skipped.length === 0) return;
    const absent = this.services.filter((service) => !service.answers).map((service) => service.name);
    console.log(`\nSkipped tests${absent.length === 0 ? '' : ` (${absent.join(' and ')} not there)`}:`);
    for (const line of skipped) console.log(line);
  }
}
