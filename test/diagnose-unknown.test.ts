import { startHub, type Event, type Hub } from './diagnose-fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

const FLUX = 'The flux of the replication pipeline exceeded its envelope.';

/** Copies that fail with a text that AWS has not been seen to write. */
async function failing(count: number, statusMessage = FLUX): Promise<Event[]> {
  const { sandbox, sourceVault: vault, sourceKey: key } = hub;
  const before = sandbox.events.all.length;
  for (let one = 0; one < count; one += 1) {
    const recoveryPoint = sandbox.addRecoveryPoint({ vault, type: 'EBS', key });
    const injectFailure = { statusMessage, messageCategory: 'MISCELLANEOUS' };
    await sandbox.runCopy({ ...hub.copy, recoveryPoint, injectFailure });
  }
  await sandbox.finishCopies();
  return sandbox.events.all.slice(before).filter(({ detail }) => detail.state === 'FAILED') as unknown as Event[];
}

it('counts a text that nobody knows, once a failure, and tells a number to the metrics', async () => {
  const events = await failing(3);
  expect(await hub.failed(events)).toEqual([]);
  expect(await hub.failed(events)).toEqual([]);
  const { kinds } = await hub.incidents.unknownMessages();
  expect(kinds).toMatchObject([{ text: FLUX, count: 3, example: { resourceType: 'EBS', causes: ['uncatalogued'] } }]);
  const [kind] = kinds;
  const kept = await hub.incidents.evidence(kind?.example.incident ?? '');
  expect(kept.map(({ copyJobId }) => copyJobId)).toContain(kind?.example.copyJobId);
  expect(hub.metrics.flatMap(({ UnknownMessages }) => UnknownMessages ?? [])).toEqual([3]);
  expect(JSON.stringify(hub.metrics)).not.toContain('flux');
});

it('counts it also where what was read proves a cause, of failures that are assumed too', async () => {
  hub.destinationVault.policy = undefined;
  for (const event of await failing(8)) expect(await hub.failed([event])).toEqual([]);
  const { kinds } = await hub.incidents.unknownMessages();
  expect(kinds).toMatchObject([{ count: 8, example: { causes: ['vault-policy-lacks-source'] } }]);
});

it('counts nothing of texts that are known, and of drills', async () => {
  hub.destinationVault.policy = undefined;
  const events = await hub.fail(2);
  expect(await hub.failed(events)).toEqual([]);
  const [event] = await failing(1);
  expect(await hub.failed([{ ...event, detail: { ...event?.detail, copyDoctorDrill: true } }])).toEqual([]);
  expect((await hub.incidents.unknownMessages()).kinds).toEqual([]);
});

it('brings no message again where it cannot be counted', async () => {
  const [event] = await failing(1);
  const error = { code: 'AccessDeniedException', message: 'no', status: 400 };
  hub.sandbox.faults.add({ service: 'dynamodb', operation: 'UpdateItem', error });
  expect(await hub.failed([event])).toEqual([]);
  hub.sandbox.faults.clear();
  expect((await hub.incidents.unknownMessages()).kinds).toEqual([]);
});
