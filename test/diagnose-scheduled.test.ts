import { batch, startHub, type Event, type Hub } from './diagnose-fixture';
import { SOURCE } from './sandbox/fixture';

let hub: Hub;
beforeEach(async () => {
  hub = await startHub();
});
afterEach(() => hub.close());

describe('the rules with a schedule', () => {
  it('tick: sends every incident that is due to the queue of work, and no other', async () => {
    hub.closeVault();
    expect(await hub.failed([await hub.failOne()])).toEqual([]);
    hub.work.messages.length = 0;
    expect(await hub.handle({ copyDoctor: 'tick' })).toEqual({ batchItemFailures: [] });
    expect(hub.hints()).toEqual([]);
    await hub.passMinutes(1);
    await hub.handle({ copyDoctor: 'tick' });
    expect(hub.hints()).toEqual([[{ incident: (await hub.only()).id }, 0]]);
  });

  it('catch-up: sends failures that no event has told of, once they are known never again', async () => {
    hub.closeVault();
    const [told, untold] = await hub.fail(2);
    expect(await hub.failed([told])).toEqual([]);
    await hub.handle({ copyDoctor: 'catch-up' });
    const bodies = hub.failures.messages.map(({ body }) => body);
    expect(bodies.map((body) => (JSON.parse(body) as Event).detail['copyJobId'])).toEqual([
      untold?.detail['copyJobId'],
    ]);
    expect(await hub.failed(bodies)).toEqual([]);
    expect(await hub.jobs(await hub.only())).toHaveLength(2);
    hub.failures.messages.length = 0;
    await hub.handle({ copyDoctor: 'catch-up' });
    expect(hub.failures.messages).toEqual([]);
  });

  it('catch-up by message: since a time, as a summary', async () => {
    hub.closeVault();
    await hub.fail();
    await hub.passMinutes(5 * 60);
    const message = { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1' };
    expect(await hub.failed([message])).toEqual([]);
    expect(hub.failures.messages).toEqual([]);
    expect(await hub.failed([{ ...message, since: '2026-06-01T00:00:00Z', summary: true }])).toEqual([]);
    const [event] = hub.failures.messages.map(({ body }) => JSON.parse(body) as Event);
    expect(event?.detail['copyDoctorSummary']).toBe(true);
    const error = { code: 'AccessDeniedException', message: 'no', status: 403 };
    hub.sandbox.faults.add({ service: 'backup', operation: 'ListCopyJobs', error });
    expect(await hub.failed([message])).toEqual(['message-0']);
    await expect(hub.handle({ copyDoctor: 'catch-up' })).rejects.toThrow(/ListCopyJobs in account 1{12}/);
  });

  it('anything else is an error that names it', async () => {
    await expect(hub.handle({ copyDoctor: 'dance' } as never)).rejects.toThrow(/dance/);
    expect(await hub.handle(batch([]))).toEqual({ batchItemFailures: [] });
  });
});

describe('metrics', () => {
  const named = (name: string) => hub.metrics.filter((line) => name in line);

  it('tell of an incident when it opens, and not of failures that join', async () => {
    hub.closeVault();
    expect(await hub.failed(await hub.fail(3))).toEqual([]);
    expect(named('IncidentsOpened').map(({ deployment, cause }) => [deployment, cause])).toEqual([
      ['eu-west-1', undefined],
      ['eu-west-1', 'vault-policy-lacks-source'],
    ]);
    expect(named('TimeToVerdict')).toHaveLength(1);
  });

  it('tell how long the oldest failure waits with each catch-up, which does not depend on it', async () => {
    hub.closeVault();
    const event = await hub.failOne();
    expect(await hub.failed([event])).toEqual([]);
    await hub.passMinutes(60);
    await hub.handle({ copyDoctor: 'catch-up' });
    const failedAt = Date.parse((await hub.jobs(await hub.only()))[0]?.failedAt ?? '');
    const seconds = (hub.sandbox.clock.now().getTime() - failedAt) / 1000;
    expect(named('OldestUnhealedCopy').map(({ OldestUnhealedCopy }) => OldestUnhealedCopy)).toEqual([seconds]);
    expect(seconds).toBeGreaterThanOrEqual(3600);

    hub.sandbox.faults.add({ service: 'dynamodb', operation: 'Query', throttle: true });
    const message = { copyDoctor: 'catch-up', account: SOURCE, region: 'eu-west-1' };
    expect(await hub.failed([message])).toEqual([]);
    expect(named('OldestUnhealedCopy')).toHaveLength(1);
  });
});
