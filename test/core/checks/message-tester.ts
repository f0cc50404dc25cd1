import type { Check } from '../../../lambda/core/checks/check';
import { diagnose } from '../../../lambda/core/diagnose';
import { evidenceOf, type Overrides } from '../evidence-fixture';
import { testCheck } from './check-tester';
import { redirected } from './command-lines';

interface MessageCases {
  /** AWS's texts, and rewordings of them; at least one, and it points to this cause alone. */
  readonly messages: readonly [string, ...string[]];
  /** Texts that look alike and mean something else. */
  readonly others: readonly [string, ...string[]];
  readonly overrides?: Overrides;
}

/** A cause that only a message tells: open where it points here, told as likely where it is the only one. */
export function testMessageCheck(check: Check, { messages, others, overrides = {} }: MessageCases): void {
  const saying = (statusMessage: string | undefined) =>
    evidenceOf({
      ...overrides,
      detail: { ...overrides.detail, statusMessage },
      job: { ...overrides.job, StatusMessage: statusMessage },
    });
  testCheck(check, {
    fault: [],
    ok: [],
    notApplicable: [
      { name: 'no message', evidence: saying(undefined) },
      ...others.map((text) => ({ name: `"${text}"`, evidence: saying(text) })),
    ],
    unknown: messages.map((text) => ({ name: `"${text}"`, evidence: saying(text), because: "Only AWS's message" })),
  });

  describe(`${check.id}: told`, () => {
    it.each(messages)('"%s"', (text) => {
      const { causes } = diagnose(saying(text));
      expect(causes.map(({ id, confidence, fix, byMessageOnly }) => ({ id, confidence, fix, byMessageOnly }))).toEqual([
        { id: check.id, confidence: 'likely', fix: check.fix, byMessageOnly: true },
      ]);
      const [cause] = causes;
      expect(cause?.steps.length).toBeGreaterThan(0);
      expect(redirected(cause?.steps ?? [])).toEqual([]);
      for (const step of cause?.steps ?? []) expect(step).not.toMatch(/undefined|\[object|NaN/);
    });

    it('without the record it is only possible, and nothing is retried', () => {
      const evidence = saying(messages[0]);
      const { causes } = diagnose({ ...evidence, responses: {} });
      expect(causes).toContainEqual(expect.objectContaining({ id: check.id, confidence: 'possible', fix: 'manual' }));
    });
  });
}
