import { completedCopies } from '../../lambda/aws/completed-copies';
import { flush } from '../../lambda/aws/flush';
import { lookAgain } from '../../lambda/aws/look-again';
import { readNewestCopies } from '../../lambda/aws/newest-copies';
import { newestLists, type NewestLists } from '../../lambda/aws/newest-lists';
import { Readers } from '../../lambda/aws/readers';
import type { Incident } from '../../lambda/core/incident/incident';
import { SOURCE } from '../sandbox/fixture';
import { HOUR, MINUTE, startHub, type Deployment } from './remediate-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());

let deployed: Deployment;
beforeEach(async () => {
  hub.sandbox.faults.clear();
  deployed = await hub.deploy();
});

type Point = ReturnType<Deployment['newPoint']>;
const copied = (recoveryPoint: Point, daysAgo: number, vault = deployed.vaults[0], more: object = {}) =>
  hub.sandbox.backup.addCompleted(
    { recoveryPoint, destinationVaultArn: vault.arn, role: hub.role.arn, ...more },
    daysAgo,
  );
const pass = (milliseconds: number) => hub.sandbox.clock.advance(milliseconds);
const lists = () => hub.sandbox.calls.filter(({ operation }) => operation === 'ListCopyJobs');
const head = async ({ id }: Pick<Incident, 'id'>) => (await deployed.incidents.head(id)) as Incident;
const refused = { code: 'AccessDeniedException', message: 'no', status: 403 };

it('finds the newest good copy of each resource, keeps it with the incident, and lists a vault once', async () => {
  const [vault] = deployed.vaults;
  const points = [deployed.newPoint(), deployed.newPoint(), deployed.newPoint()] as const;
  copied(points[0], 9);
  const job = copied(points[0], 3);
  copied(points[1], 8, undefined, { lifecycle: { deleteAfterDays: 7 } });
  copied(points[2], 31);
  let incident: Incident | undefined;
  for (const point of points) ({ incident } = await deployed.fail(vault, point));
  if (!incident) throw new Error('no incident');
  hub.sandbox.clearCalls();
  const newest = await readNewestCopies(incident, deployed.services());
  expect(newest).toMatchObject({ resources: 3, without: 2, unread: 0, oldest: job.createdAt.toISOString() });
  expect(newest?.worst.at(-1)).toEqual({
    resourceArn: points[0].resourceArn,
    destinationVaultArn: vault.arn,
    begunAt: job.createdAt.toISOString(),
    // The record says no time to delete it.
    unsure: true,
  });
  expect(lists()).toHaveLength(1);
  expect(lists()[0]?.input).toMatchObject({ ByState: 'COMPLETED', ByDestinationVaultArn: vault.arn });
  expect(await deployed.incidents.newest(incident.id)).toEqual(newest);
});

it('a mail tells it, and two mails of one time share the list', async () => {
  const [vault] = deployed.vaults;
  const { point } = await deployed.fail(vault);
  copied(point, 3);
  await pass(MINUTE);
  hub.sandbox.clearCalls();
  expect(await flush(deployed.services())).toMatchObject({ mails: 1 });
  const [told] = deployed.told();
  expect(told?.mail).toMatch(
    /NEWEST GOOD COPY\n {2}- vol-\w+ in the vault dr-\d+-a: 3 days old,\s+begun [\d: UTC\s-]+,\s+if\s+it\s+is\s+still\s+kept\n/,
  );
  expect(lists()).toHaveLength(1);
});

it('a mail goes out without it where it cannot be kept, and says so where it cannot be read', async () => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  const services = deployed.services();
  const broken = { ...services, completed: () => Promise.reject(new Error('no')) };
  expect(await flush(broken)).toMatchObject({ mails: 1 });
  expect(deployed.told()[0]?.mail).not.toContain('NEWEST');

  hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', error: refused });
  expect(await readNewestCopies(incident, deployed.services())).toMatchObject({ resources: 1, unread: 1, worst: [] });
});

it('a list that was cut says nothing of what is not in it', async () => {
  const { point, incident } = await deployed.fail(deployed.vaults[0]);
  copied(point, 3);
  const { credentialsOf } = deployed.services();
  const completed = completedCopies(new Endless(credentialsOf, { now: () => deployed.now().getTime() }));
  const newest = await readNewestCopies(incident, { ...deployed.services(), completed });
  expect(newest).toMatchObject({ unread: 1, without: 0, worst: [] });
});

/** Whatever is asked for, there is more. */
class Endless extends Readers {
  override async read(...[operation, place, { input }]: Parameters<Readers['read']>) {
    const answer = await super.read(operation, place, { input: { ...input, NextToken: undefined } });
    return { ...answer, NextToken: 'more' };
  }
}

describe('lists for mails', () => {
  const place = { account: SOURCE, region: 'eu-west-1' };
  const since = '2026-05-01T00:00:00.000Z';
  const row = (destinationVaultArn: string) => ({
    CopyJobId: 'c',
    State: 'COMPLETED',
    ResourceArn: 'r',
    DestinationBackupVaultArn: destinationVaultArn,
    CreationDate: since,
    CompletionDate: since,
  });
  /** Vaults with so many answers of 5,000 copies; the answers that were asked for. */
  const vaultsWith = (answers: number, wait: () => Promise<unknown> = () => Promise.resolve()) => {
    const asked: string[] = [];
    const read = async (_: string, __: object, { input }: { input: Record<string, string> }) => {
      const { ByDestinationVaultArn: vault = '', NextToken = '1' } = input;
      asked.push(`${vault}${NextToken}`);
      await wait();
      const next = Number(NextToken) + 1;
      const CopyJobs = Array<object>(5_000).fill(row(vault));
      return { CopyJobs, ...(next > answers ? {} : { NextToken: String(next) }) };
    };
    return { asked, completed: completedCopies({ read } as unknown as Readers) };
  };
  const complete = async (answer: ReturnType<NewestLists>) => (await answer)?.complete;

  it('look at 20,000 copies in all, one vault after the other, each once', async () => {
    const { asked, completed } = vaultsWith(3);
    const lists = newestLists(completed);
    const answers = ['a', 'b', 'a', 'c'].map((vault) => complete(lists(place, vault, since)));
    expect(await Promise.all(answers)).toEqual([true, false, true, undefined]);
    expect(asked).toEqual(['a1', 'a2', 'a3', 'b1']);
    // Others may look at more of what was cut, and at what was not once more.
    expect(await complete(completed(place, 'b', since))).toBe(true);
    expect(await complete(completed(place, 'a', since))).toBe(true);
    expect(asked.slice(4)).toEqual(['b1', 'b2', 'b3']);
  });

  it('are not known after their time, however long an answer takes', async () => {
    let free: () => void = () => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    const { asked, completed } = vaultsWith(3, () => held);
    const lists = newestLists(completed, 50);
    expect(await Promise.all(['a', 'b'].map((vault) => lists(place, vault, since)))).toEqual([undefined, undefined]);
    free();
    await new Promise(setImmediate);
    expect(asked).toEqual(['a1']);
  });
});

it('nothing is listed for an incident of which all is copied', async () => {
  const { incident, failure } = await deployed.fail(deployed.vaults[0]);
  await deployed.incidents.markCopied(incident.id, failure.copyJobId, 'x');
  hub.sandbox.clearCalls();
  expect(await readNewestCopies(incident, deployed.services())).toBeUndefined();
  expect(lists()).toEqual([]);
});

it('is looked at again once a day, with the list of newer copies', async () => {
  const { incident, point } = await deployed.fail(deployed.vaults[0]);
  await pass(MINUTE);
  await flush(deployed.services());
  const first = await deployed.incidents.newest(incident.id);
  expect(first).toMatchObject({ without: 1 });
  const look = async () => {
    hub.sandbox.clearCalls();
    await lookAgain(await head(incident), deployed.services());
    return deployed.incidents.newest(incident.id);
  };
  await pass(2 * HOUR);
  expect(await look()).toEqual(first);
  copied(point, 20);
  await pass(23 * HOUR);
  expect(await look()).toMatchObject({ without: 0, readAt: deployed.now().toISOString() });
  // Both were answered by one list.
  expect(lists()).toHaveLength(1);
  expect((await head(incident)).state).not.toBe('resolved');
});

it('is looked for in the account and Region that it was copied from', async () => {
  const { incident } = await deployed.fail(deployed.vaults[0]);
  const asked: unknown[] = [];
  const completed = (source: unknown) => {
    asked.push(source);
    return Promise.resolve({ copies: [], complete: true });
  };
  await readNewestCopies(incident, { ...deployed.services(), completed });
  expect(asked).toEqual([{ account: SOURCE, region: 'eu-west-1' }]);
});
