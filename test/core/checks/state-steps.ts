import type { Check } from '../../../lambda/core/checks/check';
import type { Evidence } from '../../../lambda/core/evidence';

/** What to do with a key that somebody has closed; `inState`: evidence with the key in that state. */
export function testStateSteps(check: Check, inState: (keyState: string) => Evidence): void {
  const stepsIn = (keyState: string) => {
    const result = check.evaluate(inState(keyState));
    return result.status === 'fault' ? result.finding.fix.steps : [];
  };

  it.each([
    ['Disabled', 'was disabled', 'kms enable-key', 'kms disable-key'],
    ['PendingDeletion', 'was to be deleted', 'kms cancel-key-deletion', 'kms schedule-key-deletion'],
  ])('%s: asks why first, with who did it, and says last how to undo', (state, why, mend, undo) => {
    const steps = stepsIn(state);
    expect(steps[0]).toMatch(/^Ask the owner of key /);
    expect(steps[0]).toContain(why);
    expect(steps[0]).toContain('AttributeKey=ResourceName,AttributeValue=arn:aws:kms:');
    expect(steps[1]).toContain(mend);
    expect(steps.at(-1)).toMatch(/To undo it/);
    expect(steps.at(-1)).toContain(undo);
  });

  it('Creating: nobody did it, and nothing is undone', () => {
    expect(stepsIn('Creating').join('\n')).not.toMatch(/Ask the owner|undo/);
  });
}
