/**
 * Who of the documents that a policy is made of builds upon whom. A document accepts what it says itself, and what
 * those say that it builds upon; of all others it may be made stricter and never weaker, however they came together.
 */
import type { PolicyDocument } from './document.ts';
import { originOf, type Lineage, type Member } from './locate.ts';

/** Equal documents of one place have one name: a baseline that two others extend is one. */
export function nameOfDocument(document: PolicyDocument): string {
  return JSON.stringify([originOf(document)!.locator.file, document]);
}

/** Of a document that was read, or was joined before. */
export function lineageOf(document: PolicyDocument): Lineage {
  return originOf(document)!.lineage ?? lineageWith(document, []);
}

/** Of a document and those that it builds upon. */
export function lineageWith(document: PolicyDocument, baselines: readonly PolicyDocument[]): Lineage {
  const below = new Map(baselines.flatMap((baseline) => [...lineageOf(baseline)]));
  const { overridable = [], labels = {} } = document;
  const sessionLabels = Object.keys(labels).filter((name) => labels[name] === 'session');
  const { locator } = originOf(document)!;
  const own: Member = { locator, upon: new Set(below.keys()), overridable, sessionLabels };
  return new Map([...below, [nameOfDocument(document), own]]);
}

/** True when all of `kept` accept what one of `by` says. */
export function isAccepted(lineage: Lineage, kept: readonly string[], by: readonly string[]): boolean {
  return kept.every((name) => by.some((one) => one === name || lineage.get(name)?.upon.has(one) === true));
}
