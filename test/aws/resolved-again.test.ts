import { flush } from '../../lambda/aws/flush';
import { lookAgain } from '../../lambda/aws/look-again';
import type { Job } from '../../lambda/core/incident/shown';
import { SOURCE } from '../sandbox/fixture';
import { allowFrom, HOUR, MINUTE, policyOf, startHub } from './remediate-fixture';
import { deployRetries, type Retries } from './retry-fixture';

let hub: Awaited<ReturnType<typeof startHub>>;
beforeAll(async () => {
  hub = await startHub();
});
afterAll(() => hub.close());
let on: Retries;
beforeEach(async () => {
  on = await deployRetries(hub);
});

it('what was told as left out does not open an incident again once it is resolved', async () => {
  const { id, jobs } = await on.settled(on.points(2));
  const [, second] = jobs as [Job, Job];
  const record = hub.sandbox.copyJobs.find((one) => one.id === second.copyJobId) as { role: string };
  record.role = hub.sandbox.addCopyRole(SOURCE, `other-${id}`).arn;
  // As if the service had made the change.
  await on.forge({ pk: `INCIDENT#${id}`, sk: 'HEAD' }, { change: { at: on.at(0), requestId: 'r' } });
  await on.goOn(id);
  await flush(on.services());
  expect(on.subjects()).toEqual([expect.stringMatching(/^\[Info\] Resolved, without 1 copy/)]);
  await on.pass(10 * MINUTE);
  await lookAgain(await on.head(id), on.services());
  await on.pass(MINUTE);
  await flush(on.services());
  expect(on.subjects()).toHaveLength(1);
  expect(await on.head(id)).toMatchObject({ state: 'resolved', revision: 1, change: { requestId: 'r' } });
});

it('a cause that is back is told again, however long ago the copy failed that shows it', async () => {
  const key = hub.sandbox.addKey({ account: SOURCE, region: 'eu-west-1' });
  const lacking = key.policy;
  const { incident } = await on.fail(on.vault, on.point({ bytes: 1_000_000 }));
  await on.join(incident, [on.point({ bytes: 1, key })], { way: 'assumed' });
  // The key's incident is resolved before the retry, and its cause comes back.
  on.vaults[1].policy = policyOf(allowFrom(SOURCE));
  const other = await on.fail(on.vaults[1], on.point({ key }));
  key.policy = hub.sourceKey.policy;
  await on.pass(10 * MINUTE);
  await on.copy(on.vaults[1], other.point);
  await lookAgain(await on.head(other.incident.id), on.services());
  expect((await on.head(other.incident.id)).state).toBe('resolved');
  key.policy = lacking;
  const { id } = await on.settle(incident);
  await on.incidents.markCopied(id, incident.openedBy, 'somebody');
  hub.sandbox.clearCalls();
  let rounds = 0;
  for (const end = on.at(HOUR); on.at(0) < end; rounds += 1) {
    await on.start(id);
    const { agenda } = await on.head(other.incident.id);
    const [due] = [(await on.head(id)).agenda.retry, agenda['look-again']].filter((at) => at !== undefined).sort();
    if (due === undefined) break;
    if (due > on.at(0)) await hub.sandbox.clock.set(new Date(due));
    if ((agenda['look-again'] ?? '~') <= on.at(0)) {
      await lookAgain(await on.head(other.incident.id), on.services());
    }
  }
  expect(await on.head(other.incident.id)).toMatchObject({ state: 'proposed', revision: 2 });
  expect(on.starts()).toEqual([]);
  // Not once a minute: the other incident has to be mended first.
  expect(rounds).toBeLessThan(20);
});
