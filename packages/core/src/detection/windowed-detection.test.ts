import { describe, expect, it } from 'vitest';
import type { Detector, DetectorWindow } from '../contract/detector.ts';
import type { PlanCode } from './plan.ts';
import { NOT_ASKED, type DetectorAnswer } from './run-detector.ts';
import { WindowedDetection, type DetectionHost } from './windowed-detection.ts';

const JUDGE: DetectorWindow = { first: 40, step: 240, overlap: 200, margin: 20, clockMs: 1000, inFlight: 4 };
const CLEAN: DetectorAnswer = { ok: true, findings: [] };

/** A text whose units say where they stand. */
const text = (units: number, from = 0): string =>
  Array.from({ length: units }, (_, i) => String.fromCharCode(0x4e00 + from + i)).join('');
const placeOf = (window: string): string =>
  `${window.charCodeAt(0) - 0x4e00}..${window.charCodeAt(0) - 0x4e00 + window.length}`;

interface Run {
  readonly detection: WindowedDetection;
  /** Windows that were asked about, and how much of each was settled. */
  readonly asked: { readonly place: string; readonly settled: number }[];
  readonly answer: (index: number, answer?: DetectorAnswer) => Promise<void>;
  readonly told: string[];
}

function judging(window: DetectorWindow | undefined, change: Partial<DetectionHost> = {}, hold = true): Run {
  const detector: Detector = { id: 'd', version: '1', types: ['d'], detect: () => [], ...(window && { window }) };
  const code: PlanCode = { detector, voting: true, hold };
  const asked: Run['asked'] = [];
  const waiting: ((answer: DetectorAnswer) => void)[] = [];
  const told: string[] = [];
  const detection = new WindowedDetection(code, {
    run(given, settled) {
      asked.push({ place: placeOf(given), settled });
      return new Promise((resolve) => waiting.push(resolve));
    },
    found: (_, { start, end }) => told.push(`found ${start}..${end}`),
    failed: (_, failure, start, end) => told.push(`${failure} ${start}..${end}`),
    notAsked: () => told.push('not asked'),
    advanced: () => undefined,
    ...change,
  });
  const answer = async (index: number, given = CLEAN): Promise<void> => {
    waiting[index]!(given);
    await Promise.resolve();
    await Promise.resolve();
  };
  return { detection, asked, answer, told };
}

describe('growing windows', () => {
  it('G1: are cut by position, however the text is chunked', () => {
    const places = (chunk: number): readonly string[] => {
      const { detection, asked } = judging({ ...JUDGE, inFlight: 99 });
      for (let at = 0; at < 800; at += chunk) detection.write(text(Math.min(chunk, 800 - at), at));
      detection.end();
      return asked.map(({ place, settled }) => `${place} ${settled}`);
    };
    const expected = ['0..40 0', '0..120 20', '0..280 100', '80..520 180', '320..760 180', '560..800 180'];
    for (const chunk of [1, 7, 39, 40, 41, 800]) expect(places(chunk)).toEqual(expected);
  });

  it('settle all but their margin, in order, whatever order the answers come in', async () => {
    const { detection, answer } = judging(JUDGE);
    detection.write(text(300));
    expect(detection.frontier).toBe(0);
    await answer(1);
    expect(detection.frontier).toBe(0);
    await answer(0);
    expect(detection.frontier).toBe(100);
    await answer(2);
    expect(detection.frontier).toBe(260);
    detection.end();
    expect(detection.frontier).toBe(260);
    await answer(3);
    expect(detection.frontier).toBe(Number.POSITIVE_INFINITY);
  });

  it('are under way in a bounded number, and the rest waits in order', async () => {
    const { detection, asked, answer } = judging({ ...JUDGE, inFlight: 2 });
    detection.write(text(800));
    expect(asked).toHaveLength(2);
    await answer(1);
    expect(asked.map(({ place }) => place)).toEqual(['0..40', '0..120', '0..280']);
    detection.end();
    await answer(0);
    await answer(2);
    await answer(3);
    expect(asked.map(({ place }) => place).slice(3)).toEqual(['80..520', '320..760', '560..800']);
    expect(detection.pending).toBe(true);
  });

  it('hold both halves of a pair', () => {
    const windows: string[] = [];
    const { detection } = judging(
      { step: 4, overlap: 2 },
      { run: (given) => (windows.push(given), new Promise(() => {})) },
    );
    detection.write('abc😀d😀e');
    detection.end();
    expect(windows).toEqual(['abc', 'bc😀d', 'd😀e']);
  });

  it('with a clock: text that waited long enough is judged as it is, and then its margin goes', async () => {
    const { detection, asked, answer } = judging(JUDGE);
    detection.write(text(50));
    await answer(0);
    expect([detection.frontier, detection.waits]).toEqual([20, true]);
    for (const now of [100, 1099]) detection.tick(now);
    expect(asked).toHaveLength(1);
    detection.tick(1100);
    expect(asked.at(-1)).toEqual({ place: '0..50', settled: 20 });
    await answer(1);
    expect(detection.frontier).toBe(30);
    for (const now of [1140, 2140]) detection.tick(now);
    expect([detection.frontier, detection.waits]).toEqual([50, false]);
    // What comes later cannot take back what was let go, and its window is the next one.
    detection.write(text(1, 50));
    expect(detection.frontier).toBe(50);
  });

  it('without a clock wait until they are full', () => {
    const { detection, asked } = judging({ step: 100 });
    detection.write(text(99));
    detection.tick(1);
    detection.tick(1e9);
    expect([asked.length, detection.waits]).toEqual([0, false]);
  });

  it('that fail, and those nobody was asked about, free their text and say so', async () => {
    const { detection, answer, told } = judging(JUDGE);
    detection.write(text(120));
    await answer(0, { ok: false, code: 'TIMEOUT' });
    await answer(1, NOT_ASKED);
    expect(told).toEqual(['TIMEOUT 0..40', 'not asked']);
    expect(detection.frontier).toBe(100);
  });

  it('behind the text: a finding is told at once, whatever earlier windows have yet to answer, and each span is measured', async () => {
    let now = 0;
    const spans: string[] = [];
    const behind = {
      now: () => now,
      judged: (span: { from: number; to: number; beganAt: number; closedAt: number }) =>
        spans.push(`${span.from}..${span.to} ${span.beganAt}-${span.closedAt}`),
    };
    const { detection, answer, told } = judging(JUDGE, { behind }, false);
    for (now = 0; now < 120; now++) detection.write(text(1, now));
    await answer(1, { ok: true, findings: [{ type: 'd', score: 1, start: 50, end: 60 }] });
    expect(told).toEqual(['found 50..60']);
    await answer(0);
    expect(spans).toEqual(['40..120 40-119', '0..40 0-39']);
    expect(told).toHaveLength(1);
  });
});

describe('a condition', () => {
  it('keeps a detector from being asked, or makes it wait until what it reads is known', () => {
    let known: boolean | undefined;
    const { detection, asked, told } = judging(JUDGE, { asks: () => known });
    detection.write(text(120));
    expect([asked.length, detection.pending]).toEqual([0, true]);
    known = false;
    detection.poke();
    expect([told, detection.frontier, detection.pending]).toEqual([['not asked', 'not asked'], 100, false]);
    known = true;
    detection.write(text(1, 120));
    detection.end();
    expect(asked).toEqual([{ place: '0..121', settled: 100 }]);
  });
});

describe('sliding windows', () => {
  it('settle nothing that the next one shows again', async () => {
    const { detection, asked, answer } = judging({ size: 8, stride: 4 });
    detection.write(text(14));
    expect(asked).toEqual([
      { place: '0..8', settled: 0 },
      { place: '4..12', settled: 0 },
    ]);
    await answer(0);
    expect(detection.frontier).toBe(4);
    detection.end();
    expect(asked.at(-1)).toEqual({ place: '8..14', settled: 0 });
  });
});

describe('a fork', () => {
  it('goes on alone; what is under way stays with the original', async () => {
    const { detection, asked, answer, told } = judging(JUDGE);
    detection.write(text(60));
    const fork = detection.fork({
      run: (given, settled) => (asked.push({ place: `fork ${placeOf(given)}`, settled }), Promise.resolve(CLEAN)),
      found: () => undefined,
      failed: () => undefined,
      notAsked: () => undefined,
      advanced: () => undefined,
    });
    fork.end();
    expect(asked.map(({ place }) => place)).toEqual(['0..40', 'fork 0..60']);
    await answer(0);
    expect([detection.frontier, fork.frontier, told]).toEqual([20, Number.POSITIVE_INFINITY, []]);
  });
});
