import { chmodSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readJsonFile } from '../../bin/cli/input-file';
import { fileOf } from './cli-harness';

const reasonOf = (path: string): string => {
  const read = readJsonFile(path);
  if (read.ok) throw new Error('it was read');
  expect(read.reason.split('\n')).toHaveLength(1);
  expect(read.reason).toContain(path);
  return read.reason;
};

describe('a JSON file that a person named', () => {
  test.each([
    ['plain', '{"a": 1}'],
    ['with a byte order mark', '\ufeff{"a": 1}'],
    ['as PowerShell writes it', Buffer.from('\ufeff{"a": 1}', 'utf16le')],
    ['with spaces around it', '\n {"a": 1} \n'],
  ])('is read: %s', (_, content) => {
    expect(readJsonFile(fileOf(content))).toEqual({ ok: true, value: { a: 1 } });
  });

  test.each([
    ['empty', '', /is empty/],
    ['only spaces', ' \n', /is empty/],
    ['binary', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), /not text/],
    ['a null byte', 'ab\0cd', /not text/],
    ['prose', 'hello', /not JSON/],
    ['cut in a text', '{"event": "x', /truncated/],
    ['cut after a comma', '{"a": 1,\n', /truncated/],
    ['cut after a value', '{"a": 1', /truncated/],
    ['cut after a colon', '{"a":', /truncated/],
    ['a wrong comma', '{\n  "a": 1\n  "b": 2\n}', /line 3, column \d+/],
  ])('is refused when it is %s', (_, content, words) => {
    expect(reasonOf(fileOf(content))).toMatch(words);
  });

  test('is refused when it is not there or a folder', () => {
    expect(reasonOf('/nowhere/case.json')).toMatch(/no such file/);
    expect(reasonOf(mkdtempSync(join(tmpdir(), 'copy-doctor-')))).toMatch(/folder/);
  });

  test('is refused when it may not be read', () => {
    const path = fileOf('{}');
    chmodSync(path, 0);
    // root may read everything
    if (process.getuid?.() !== 0) expect(reasonOf(path)).toMatch(/permissions/);
  });
});
