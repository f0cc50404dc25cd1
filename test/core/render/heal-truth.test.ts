import type { Incident } from '../../../lambda/core/incident/incident';
import { renderDigest, renderTelling } from '../../../lambda/core/render/incident-mail';
import { AUDIT, keyWith, ownerOnly, vaultWith } from '../plan/fixture';
import { after, contextOf, incidentsOf, settingsOf, storedOf, TELLINGS, wrongWith } from './fixture';
import { approval, at, busy, CHANGE, counted, key, removable, retried, shown, TEMPLATE, vault } from './heal-fixture';

describe('what is said is so', () => {
  const KINDS = { vault, key };
  const matrix = TELLINGS.filter((telling) => telling !== 'drill').flatMap((telling) =>
    (['vault', 'key'] as const).flatMap((kind) =>
      [undefined, TEMPLATE].flatMap((template) =>
        (['ask', 'auto', 'never'] as const).flatMap((retry) =>
          (['full', 'short'] as const).map((mailDetail) => ({ telling, kind, template, retry, mailDetail })),
        ),
      ),
    ),
  );

  it.each(TELLINGS.filter((telling) => telling !== 'drill'))('%s', (telling) => {
    for (const { kind, template, retry, mailDetail } of matrix.filter((row) => row.telling === telling)) {
      const { told, stored, context } = KINDS[kind];
      const asked = telling === 'opened' || telling === 'reminder';
      const service = kind === 'vault' && template === undefined;
      const hasChange =
        kind === 'vault' && !['opened', 'reminder', 'approved', 'refused', 'rolled-back'].includes(telling);
      const decision = asked ? undefined : approval(told, retry === 'ask');
      const incident: Incident = {
        ...told.incident,
        state: asked ? 'proposed' : telling === 'stale' ? 'stale' : 'applied',
        retry,
        template,
        decision,
        ...(hasChange ? { change: CHANGE } : {}),
      };
      const message = renderTelling(telling, [after(told, incident)], stored, { ...context, mailDetail });
      const text = shown(message).replace(/\s+/g, ' ');
      expect(wrongWith(message)).toEqual([]);
      const of = (words: string) => text.includes(words);
      // Who makes the change.
      if (asked) {
        expect(of('it makes exactly this change')).toBe(service);
        expect(of('changes nothing by itself')).toBe(!service);
        expect(of('--profile OWNER')).toBe(!service && telling === 'opened');
        expect(of('--retry and --no-retry')).toBe(retry === 'ask');
        expect(of('without asking (the setting retry=auto)')).toBe(retry === 'auto');
        expect(of(kind === 'key' ? 'waits 5 minutes' : 'waits 1 minute')).toBe(retry !== 'never');
        expect(of('5 copies (1.1 TiB, 1 of unknown size)')).toBe(retry !== 'never');
      }
      // Whether copies are started.
      const starts = retry !== 'never';
      if (['approved', 'applied', 'refused', 'in-place'].includes(telling)) {
        expect(of(kind === 'key' ? 'waits 5 minutes' : 'waits 1 minute')).toBe(starts);
        expect(of('Nothing is copied again')).toBe(!starts);
      }
      // Only what the service has made is taken back by it.
      const rollsBack = hasChange && /^(applied|not-cured|rollback-(proposed|refused|expired))$/.test(telling);
      if (!telling.startsWith('rollback-')) expect(of('copy-doctor rollback')).toBe(rollsBack);
      expect(of('GB')).toBe(false);
    }
  });

  it('with a change to decide on in vault and key, each has its maker, and copies wait for both', () => {
    const evidence = keyWith(ownerOnly, {
      responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
    });
    const told = incidentsOf(evidence, settingsOf(evidence), counted);
    const { body } = renderTelling('opened', told, storedOf(evidence), contextOf(evidence)).mail;
    const ifApprove = body.slice(body.indexOf('IF YOU APPROVE'), body.indexOf('IF YOU DO NOT')).replace(/\s+/g, ' ');
    expect(ifApprove).toContain('it makes exactly this change');
    expect(ifApprove.match(/--profile OWNER/g)).toHaveLength(1);
    expect(ifApprove).toContain('once all these changes are in place, Copy Doctor waits 5 minutes');
    expect(ifApprove).not.toContain('changes nothing by itself');
  });

  it('one copy is started, not the smallest of several', () => {
    const one = after(vault.told, vault.told.incident, { counted: { ...counted, copies: 1, resources: 1 } });
    const { body } = renderTelling('opened', [one], vault.stored, vault.context).mail;
    expect(body.replace(/\s+/g, ' ')).toContain(
      'and starts the copy again. A mail tells the result. As of now: 1 copy (',
    );
    expect(body).not.toContain('smallest');
  });

  it('with every failed copy to start, their number is told, and that the size is known of some', () => {
    const { body } = renderTelling('opened', [vault.told], vault.stored, { ...vault.context, retryScope: 'all' }).mail;
    expect(body.replace(/\s+/g, ' ')).toContain('As of now: 12 copies (at least 1.1 TiB, 1 of unknown size), within');
  });

  it('names both Regions where a copy crosses them', () => {
    const across = vaultWith([AUDIT], {
      job: { DestinationBackupVaultArn: 'arn:aws:backup:eu-central-1:222222222222:backup-vault:dr' },
    });
    const told = after(vault.told, vault.told.incident);
    const { body } = renderTelling('opened', [told], storedOf(across), { ...vault.context, mailDetail: 'short' }).mail;
    expect(body.replace(/\s+/g, ' ')).toContain('from eu-west-1 to eu-central-1');
  });

  it('long lists of what may rely on a change are cut, and the rest is counted', () => {
    const warnings = Array.from({ length: 25 }, (_, index) => `warning ${index}`);
    const told = removable('rollback-proposed');
    const plan = told.rollbackPlan && { ...told.rollbackPlan, warnings };
    const { body } = renderTelling(
      'rollback-proposed',
      [{ ...told, rollbackPlan: plan }],
      vault.stored,
      vault.context,
    ).mail;
    expect(body).toContain('warning 19');
    expect(body).not.toContain('warning 20');
    expect(body).toContain('5 more: `show` prints them all.');
  });
});

describe('what passes by itself', () => {
  const told = (more: Partial<Incident>, leftOut: Record<string, number> = {}, copied = 0) =>
    after(
      busy.told,
      { ...busy.told.incident, state: 'applied', toldAt: at('11:00'), since: at('12:00'), ...more },
      { retried: retried({ leftOut, copied }) },
    );
  const context = { ...busy.context, now: at('12:01') };

  it.each<[string, ReturnType<typeof told>, string]>([
    [
      'nothing was started',
      told({ tell: 'left-out' }, { 'role-not-listed': 2 }),
      'not tried again; the next scheduled',
    ],
    ['its plan comes first', told({ tell: 'left-out' }, { 'next-run': 12 }), 'not tried again; the next scheduled'],
    ['some were started', told({ tell: 'left-out' }, { 'role-not-listed': 2 }, 1), 'no more is tried again'],
    ['another cause', told({ tell: 'reopened', state: 'reopened' }), 'copies now fail for another cause'],
    ['in vain', told({ tell: 'not-cured', state: 'not-cured' }), 'tried again, and still failing'],
    [
      'without an end',
      told({ tell: 'not-cured', state: 'not-cured', because: '1 copy has run for more than 7 days' }),
      'not all failed copies were copied again',
    ],
  ])('is told without a change that nobody has made: %s', (_, one, words) => {
    const telling = one.incident.tell ?? 'opened';
    const digest = shown(renderDigest([one, vault.told], { ...vault.context, now: at('12:01') }));
    const mail = shown(renderTelling(telling, [one], busy.stored, context));
    expect(digest.replace(/\s+/g, ' ')).toContain(words);
    for (const text of [digest, mail]) {
      expect(text.replace(/\s+/g, ' ')).not.toMatch(/is in place|stays in place|in place,|mended/i);
    }
  });

  it('asks nothing of anybody where the plan copies by itself', () => {
    const one = told({ tell: 'left-out' }, { 'next-run': 12 });
    const mail = renderTelling('left-out', [one], busy.stored, context);
    expect(shown(mail)).toMatch(/\[Info\] Not tried again, the next scheduled copy comes first/);
    expect(shown(mail)).not.toContain('WHAT TO DO');
  });
});
