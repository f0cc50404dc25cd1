import { flush } from '../../lambda/aws/flush';
import { lookAgain } from '../../lambda/aws/look-again';
import { SOURCE } from '../sandbox/fixture';
import { HOUR, MINUTE, startHub } from './remediate-fixture';
import { deployRetries, type Retries } from './retry-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
let on: Retries;
beforeEach(async () => {
  on = await deployRetries(hub);
  hub.sandbox.clearCalls();
});

/** A failure with a cause that a plan mends and one that a person mends by hand: two incidents. */
async function withTwoCauses(): Promise<{ readonly planned: string; readonly byHand: string }> {
  const { opened } = await on.fail(on.vault, on.point({ bytes: 1_000_000 }));
  const idOf = (kind: string) => opened.find((one) => one.kind === kind)?.id ?? '';
  await on.pass(MINUTE);
  await flush(on.services());
  return { planned: idOf('vault-policy'), byHand: idOf('manual') };
}

async function passHours(hours: number, ids: readonly string[]): Promise<void> {
  for (let hour = 0; hour < hours; hour += 1) {
    await on.pass(HOUR);
    for (const id of ids) {
      const { agenda } = await on.head(id);
      if ((agenda.retry ?? '~') <= on.at(0)) await on.start(id);
      if ((agenda['look-again'] ?? '~') <= on.at(0)) await lookAgain(await on.head(id), on.services());
    }
    await flush(on.services());
  }
}

it('a cause that only the message tells, mended by hand, does not hold up the copy', async () => {
  hub.organization.isCrossAccountBackupEnabled = false;
  const { planned, byHand } = await withTwoCauses();
  expect((await on.head(byHand)).state).toBe('reported');
  hub.organization.isCrossAccountBackupEnabled = true;
  await on.settle(await on.head(planned));
  await passHours(1, [planned]);
  expect(on.starts()).toHaveLength(1);
});

describe('a cause that is sure, mended by hand', () => {
  const lock = (locked: boolean) => Object.assign(on.vault, { locked, minRetentionDays: 7, maxRetentionDays: 35 });
  afterEach(() => void lock(false));

  async function approved(): Promise<string> {
    lock(true);
    const { planned } = await withTwoCauses();
    await on.settle(await on.head(planned));
    await passHours(2, [planned]);
    expect(on.starts()).toHaveLength(0);
    expect(await on.head(planned)).toMatchObject({ state: 'canary' });
    return planned;
  }

  it('is waited for, and found mended by looking again', async () => {
    const planned = await approved();
    lock(false);
    await passHours(1, [planned]);
    expect(on.starts()).toHaveLength(1);
  });

  it('is waited for no longer than a day: then a person hears what was left out', async () => {
    const planned = await approved();
    hub.sandbox.clearCalls();
    await passHours(30, [planned]);
    expect(on.starts()).toHaveLength(0);
    expect(await on.head(planned)).toMatchObject({
      state: 'applied',
      agenda: expect.not.objectContaining({ retry: expect.anything() }),
    });
    expect(on.subjects().filter((subject) => subject.includes('nothing could be copied again'))).toHaveLength(1);
    // One look each 10 minutes at first, then one an hour; none is left after the end.
    hub.sandbox.clearCalls();
    await passHours(3, [planned]);
    expect(on.starts()).toHaveLength(0);
  });
});

it('another incident that nobody mends holds copies for 7 days at most', async () => {
  const key = hub.sandbox.addKey({ account: SOURCE, region: 'eu-west-1' });
  const { opened } = await on.fail(on.vault, on.point({ bytes: 1_000_000, key }));
  const idOf = (kind: string) => opened.find((one) => one.kind === kind)?.id ?? '';
  await on.pass(MINUTE);
  await flush(on.services());
  const planned = idOf('vault-policy');
  expect(idOf('key-policy')).toBeTruthy();
  await on.settle(await on.head(planned));
  await passHours(1, [planned]);
  expect(on.starts()).toHaveLength(0);
  const waits = await on.head(planned);
  expect(waits).toMatchObject({ state: 'canary', idleFrom: expect.any(String) });
  const weekAgo = new Date(Date.parse(on.at(0)) - 7 * 24 * HOUR).toISOString();
  await on.forge({ pk: `INCIDENT#${planned}`, sk: 'HEAD' }, { idleFrom: weekAgo });
  await passHours(2, [planned]);
  expect(on.starts()).toHaveLength(0);
  expect(await on.head(planned)).toMatchObject({ state: 'applied', because: expect.stringContaining('7 days') });
});
