import { matchesPattern } from '.';

const event = {
  source: 'aws.backup',
  account: '111111111111',
  resources: ['arn:a', 'arn:b'],
  detail: { state: 'FAILED', size: 5, flag: true, none: null, point: {}, empty: '', list: [{ a: 1 }, { a: 2, b: 3 }] },
};
const rows: [string, object, boolean][] = [
  ['exact', { source: ['aws.backup'] }, true],
  ['one of', { detail: { state: ['FAILED', 'PARTIAL'] } }, true],
  ['all fields', { source: ['aws.backup'], detail: { state: ['COMPLETED'] } }, false],
  ['missing', { other: ['x'] }, false],
  ['number and string differ', { detail: { size: ['5'] } }, false],
  ['boolean', { detail: { flag: [true] } }, true],
  ['null', { detail: { none: [null] } }, true],
  ['null is not missing', { detail: { gone: [null] } }, false],
  ['array value', { resources: ['arn:b'] }, true],
  ['prefix', { source: [{ prefix: 'aws.' }] }, true],
  ['prefix in an array', { resources: [{ prefix: 'arn:b' }] }, true],
  ['prefix of a number', { detail: { size: [{ prefix: '5' }] } }, false],
  ['suffix', { source: [{ suffix: 'backup' }] }, true],
  ['ignoring case', { source: [{ 'equals-ignore-case': 'AWS.BACKUP' }] }, true],
  ['prefix ignoring case', { source: [{ prefix: { 'equals-ignore-case': 'AWS' } }] }, true],
  ['wildcard', { source: [{ wildcard: 'a*.b*p' }] }, true],
  ['anything-but', { account: [{ 'anything-but': '222222222222' }] }, true],
  ['anything-but a list', { account: [{ 'anything-but': ['1', '111111111111'] }] }, false],
  ['anything-but a prefix', { account: [{ 'anything-but': { prefix: '111' } }] }, false],
  ['anything-but prefixes', { account: [{ 'anything-but': { prefix: ['3', '4'] } }] }, true],
  ['anything-but a suffix', { account: [{ 'anything-but': { suffix: '2' } }] }, true],
  ['anything-but a missing field', { other: [{ 'anything-but': 'x' }] }, false],
  ['exists', { detail: { state: [{ exists: true }] } }, true],
  ['exists: a null', { detail: { none: [{ exists: true }] } }, true],
  ['exists: an object is no leaf', { detail: { point: [{ exists: true }] } }, false],
  ['not exists', { detail: { gone: [{ exists: false }] } }, true],
  ['not exists in a missing object', { gone: { x: [{ exists: false }] } }, true],
  ['objects in a list', { detail: { list: { a: [2], b: [3] } } }, true],
  ['numeric', { detail: { size: [{ numeric: ['>', 4, '<=', 5] }] } }, true],
  ['empty string', { detail: { empty: [''] } }, true],
  ['$or and a field that does not fit', { source: ['x'], $or: [{ account: ['111111111111'] }] }, false],
  ['$or in an object', { detail: { $or: [{ state: ['x'] }, { size: [5] }] } }, true],
  ['$or of nothing that fits', { $or: [{ source: ['x'] }, { detail: { state: ['x'] } }] }, false],
  ['anything-but in a list of values', { resources: [{ 'anything-but': 'arn:a' }] }, false],
  ['$or', { $or: [{ source: ['x'] }, { account: ['111111111111'] }] }, true],
];
test.each(rows)('%s', (_, pattern, matches) => {
  expect(matchesPattern(pattern, event)).toBe(matches);
});

const wrong: [object, string][] = [
  [{}, 'empty pattern'],
  [{ source: 'aws.backup' }, 'must be an object or a list'],
  [{ source: [] }, 'must be an object or a list'],
  [{ source: ['aws.backup', { cidr: '10.0.0.0/8' }] }, 'operator cidr'],
  [{ source: [{ prefix: '' }] }, 'prefix wants a string'],
  [{ source: [{ prefix: 'a', suffix: 'b' }] }, 'one operator'],
  [{ source: [{ 'anything-but': { numeric: ['>', 1] } }] }, 'anything-but of numeric'],
  [{ source: ['x'], $and: [] }, '$and'],
];
test.each(wrong)('%j is refused', (pattern, message) => {
  expect(() => matchesPattern(pattern, event)).toThrow(message);
});
