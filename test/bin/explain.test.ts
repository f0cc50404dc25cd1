import { CAUSE_IDS } from '../../lambda/core/cause-ids';
import { causes } from '../../lambda/core/checks';
import { pointsTo } from '../../lambda/core/messages/point-to';
import { cli, cliOn, expectOneLine } from './cli-harness';

const MESSAGE = 'Access Denied trying to call AWS Backup service';

describe('checks', () => {
  test('lists every cause', async () => {
    const { code, stdout } = await cli('checks');
    expect(code).toBe(0);
    for (const { id, title } of causes) expect(stdout).toMatch(new RegExp(`${id} .*${title.slice(0, 10)}`));
  });

  test('--json lists id, title and fix', async () => {
    const { code, stdout, stderr } = await cli('checks', '--json');
    expect([code, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual(causes.map(({ id, title, fix }) => ({ id, title, fix })));
    expect(causes.map(({ id }) => id)).toEqual(CAUSE_IDS);
  });
});

describe('explain', () => {
  test('has a page for every cause', async () => {
    for (const id of CAUSE_IDS) {
      const { code, stdout } = await cli('explain', id);
      expect([id, code]).toEqual([id, 0]);
      expect(stdout).toMatch(/^# /);
      expect([id, stdout.includes('page is missing')]).toEqual([id, false]);
    }
  });

  test.each([
    ['vault-policy-lack-source', 'vault-policy-lacks-source'],
    ['vault-policy-lacks-sources', 'vault-policy-lacks-source'],
    ['source-key-policy', 'source-key-policy-denies'],
    ['lacks-source-vault-policy', 'vault-policy-lacks-source'],
    ['Vault-Policy-Lacks-Sourc', 'vault-policy-lacks-source'],
  ])('suggests for %s', async (id, meant) => {
    const ran = await cli('explain', id);
    expect(ran.code).toBe(2);
    expectOneLine(ran, 'did you mean', meant, 'copy-doctor checks');
  });

  test('suggests nothing where nothing is near', async () => {
    const ran = await cli('explain', 'quark-gluon-plasma');
    expect(ran.code).toBe(2);
    expectOneLine(ran, 'no cause has the id', 'copy-doctor checks');
    expect(ran.stderr).not.toMatch(/did you mean/);
  });

  test('says what a message points to', async () => {
    const { code, stdout } = await cli('explain', MESSAGE, '--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ pointsTo: pointsTo(MESSAGE) });
    expect(pointsTo(MESSAGE).length).toBeGreaterThan(0);
    const prose = await cli('explain', MESSAGE);
    for (const id of pointsTo(MESSAGE)) expect(prose.stdout).toContain(id);
    expect(prose.stdout).toContain('no proof');
  });

  test('a text that nobody knows points nowhere', async () => {
    expect(JSON.parse((await cli('explain', 'the cat sat on the mat', '--json')).stdout)).toEqual({ pointsTo: [] });
    expect((await cli('explain', 'the cat sat on the mat')).stdout).toMatch(/no known cause/);
  });

  test('an empty text is wrong input', async () => {
    const ran = await cli('explain', ' ');
    expect(ran.code).toBe(2);
    expectOneLine(ran);
  });
});

describe('colours', () => {
  const ESC = '\u001b[';
  test('only on a terminal, and not for NO_COLOR', async () => {
    expect((await cliOn({ isTTY: true, env: {} }, 'checks')).stdout).toContain(ESC);
    expect((await cliOn({ isTTY: true, env: { NO_COLOR: '1' } }, 'checks')).stdout).not.toContain(ESC);
    expect((await cliOn({ isTTY: false, env: {} }, 'checks')).stdout).not.toContain(ESC);
    expect((await cliOn({ isTTY: true, env: {} }, 'checks', '--json')).stdout).not.toContain(ESC);
  });
});
