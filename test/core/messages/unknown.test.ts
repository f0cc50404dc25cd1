import { readFileSync } from 'node:fs';
import { pointsTo } from '../../../lambda/core/messages/point-to';
import { unknownKind } from '../../../lambda/core/messages/unknown';

it('is one kind, whatever ids, ARNs and numbers are in it', () => {
  const texts = [
    'The flux of snap-0123456789abcdef0 in 111111111111 exceeded 17 units of arn:aws:kms:eu-west-1:111111111111:key/a.',
    'The flux of  snap-0fedcba9876543210 in 222222222222 exceeded 4 units of arn:aws:kms:us-east-1:222222222222:key/b',
  ];
  const [first, second] = texts.map((text) => unknownKind(text));
  expect(first?.text).toContain('The flux of <id> in <n> exceeded <n> units of <arn>');
  expect(second?.id).toBe(first?.id);
  expect(first?.id).toMatch(/^[0-9a-f]{16}$/);
  expect(unknownKind('The flux has ended.')?.id).not.toBe(first?.id);
});

it.each([
  ['no text', undefined],
  ['an empty text', ''],
  ['a text with a cause', 'Access Denied trying to call AWS Backup service'],
])('%s is not unknown', (_, text) => expect(unknownKind(text)).toBeUndefined());

it('counts nothing that the corpus knows, with a cause or without', () => {
  const corpus = JSON.parse(readFileSync('test/core/messages/corpus.json', 'utf8')) as { message: string }[];
  const known = corpus.map(({ message }) => message).filter((message) => pointsTo(message).length > 0);
  expect(known.length).toBeGreaterThan(20);
  expect(known.flatMap((message) => unknownKind(message) ?? [])).toEqual([]);
});

it('holds no account and no key, and at most 400 characters', () => {
  const kind = unknownKind(`flux 123456789012 ${'arn:aws:kms:eu-west-1:123456789012:key/x '.repeat(200)}`);
  expect(kind?.text.length).toBeLessThanOrEqual(400);
  expect(kind?.text).not.toMatch(/\d/);
});
