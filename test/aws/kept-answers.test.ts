import { isFact, KeptAnswers } from '../../lambda/aws/kept-answers';

const answerAt = (at: number) => ({ response: { some: 'answer' }, at });

test('an answer is kept for 60 s from when it was asked for', () => {
  let now = 0;
  const kept = new KeptAnswers(() => now);
  kept.keep('key', answerAt(0));
  now = 59_999;
  expect(kept.get('key')).toEqual(answerAt(0));
  now = 60_000;
  expect(kept.get('key')).toBeUndefined();
});

test('what is over goes with the next answer, and the oldest go when there are too many', () => {
  let now = 0;
  const kept = new KeptAnswers(() => now);
  for (let one = 0; one < 2_000; one += 1) kept.keep(`key-${one}`, answerAt(now));
  expect(kept.size).toBe(500);
  expect([kept.get('key-0'), kept.get('key-1999')]).toEqual([undefined, answerAt(0)]);
  now = 60_000;
  kept.keep('next', answerAt(now));
  expect(kept.size).toBe(1);
});

test('what is asked for again is the newest: others go before it', () => {
  const kept = new KeptAnswers(() => 0);
  for (const key of ['first', ...Array.from({ length: 499 }, (_, one) => `key-${one}`), 'first', 'one more'])
    kept.keep(key, answerAt(0));
  expect([kept.get('first'), kept.get('key-0')]).toEqual([answerAt(0), undefined]);
});

test('that there is none is an answer; that nobody may know is not', () => {
  expect(isFact({ BackupVaultList: [] })).toBe(true);
  expect(isFact({ error: 'EffectivePolicyNotFoundException' })).toBe(true);
  for (const error of ['AccessDeniedException', 'ThrottlingException', 'TimeoutError'])
    expect(isFact({ error })).toBe(false);
});
