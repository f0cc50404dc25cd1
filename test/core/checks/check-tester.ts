import type { Check } from '../../../lambda/core/checks/check';
import type { Evidence, Missing } from '../../../lambda/core/evidence';
import type { Confidence, FixKind } from '../../../lambda/core/finding';
import { redirected } from './command-lines';

interface Case {
  readonly name: string;
  readonly evidence: Evidence;
}
interface FaultCase extends Case {
  readonly confidence: Confidence;
  readonly fix?: FixKind;
  /** Parts of the `because` lines that must be there. */
  readonly because?: readonly string[];
  readonly resource?: string;
}
interface UnknownCase extends Case {
  readonly missing?: readonly Partial<Missing>[];
  readonly because?: string;
}

/** All four groups are required, so that a forgotten one is a type error. */
export interface Cases {
  readonly fault: readonly FaultCase[];
  readonly ok: readonly Case[];
  readonly notApplicable: readonly Case[];
  readonly unknown: readonly UnknownCase[];
}

export function testCheck(check: Check, cases: Cases): void {
  const rows = <T>(list: readonly T[], run: (row: T & Case) => void) => {
    for (const row of list as readonly (T & Case)[]) it(row.name, () => run(row));
  };
  describe(`${check.id}: fault`, () => {
    rows(cases.fault, (row) => {
      const result = check.evaluate(row.evidence);
      expect(result.status).toBe('fault');
      if (result.status !== 'fault') return;
      const { finding } = result;
      expect(finding.confidence).toBe(row.confidence);
      expect(finding.fix.kind).toBe(row.fix ?? check.fix);
      if (row.resource) expect(finding.resource).toBe(row.resource);
      for (const part of row.because ?? []) expect(finding.because.join('\n')).toContain(part);
      // What a row's author would forget: reasons and steps are whole sentences with real ids.
      expect(finding.because.length).toBeGreaterThan(0);
      expect(finding.fix.steps.length).toBeGreaterThan(0);
      for (const line of [...finding.because, ...finding.fix.steps]) expect(line).not.toMatch(/undefined|\[object|NaN/);
      expect(redirected(finding.fix.steps)).toEqual([]);
      expect(finding.owner).toMatch(/^\d{12}$|management account/);
    });
  });
  describe(`${check.id}: ok`, () => {
    rows(cases.ok, (row) => expect(check.evaluate(row.evidence)).toEqual({ status: 'ok' }));
  });
  describe(`${check.id}: not applicable`, () => {
    rows(cases.notApplicable, (row) => expect(check.evaluate(row.evidence)).toEqual({ status: 'not-applicable' }));
  });
  describe(`${check.id}: unknown`, () => {
    rows(cases.unknown, (row) => {
      const result = check.evaluate(row.evidence);
      expect(result.status).toBe('unknown');
      if (result.status !== 'unknown') return;
      if (row.missing) expect(result.missing).toMatchObject(row.missing);
      if (row.because) expect(result.because).toContain(row.because);
      expect(result.missing.length > 0 || result.because !== undefined).toBe(true);
    });
  });
  // docs/permissions.md is made from what a check says it reads.
  it(`${check.id}: judges by the reads that it names`, () => {
    // The record is read for every diagnosis.
    const named = new Set(['backup:DescribeCopyJob', ...check.reads.map((read) => read.split('@')[0])]);
    for (const { evidence } of [...cases.fault, ...cases.ok, ...cases.notApplicable, ...cases.unknown]) {
      const responses = Object.fromEntries(
        Object.entries(evidence.responses).filter(([key]) => named.has(key.split(/[@#]/)[0])),
      );
      expect(check.evaluate({ ...evidence, responses })).toEqual(check.evaluate(evidence));
    }
  });
  // A check that sees nothing never claims a fault.
  it(`${check.id}: no evidence, no fault`, () => {
    if (check.reads.length === 0) return; // judged by the event and the feature table alone
    for (const { evidence } of [...cases.fault, ...cases.ok, ...cases.unknown]) {
      const nothing = { failure: evidence.failure, responses: {} };
      expect(['unknown', 'not-applicable']).toContain(check.evaluate(nothing).status);
    }
  });
}
