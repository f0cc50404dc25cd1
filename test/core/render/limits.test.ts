import fc from 'fast-check';
import type { Incident } from '../../../lambda/core/incident/incident';
import { renderDigest, renderTelling, textsOf } from '../../../lambda/core/render/incident-mail';
import type { NewestCopies } from '../../../lambda/core/incident/newest-copies';
import type { Counted, Retried, StoredEvidence } from '../../../lambda/core/incident/shown';
import { KEY_STATEMENTS, SOURCE_KEY } from '../evidence-fixture';
import { AUDIT, keyWith, ownerOnly, vaultWith } from '../plan/fixture';
import { bytes, contextOf, incidentsOf, storedOf, TELLINGS, wrongWith } from './fixture';
import { runs } from '../soak';

const evidence = vaultWith([AUDIT]);
const context = contextOf(evidence);
const SHORT = { ...context, mailDetail: 'short' } as const;
const [one] = incidentsOf(evidence);
if (!one) throw new Error('no incident');
const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.constantFrom(
    'A\nWHAT TO DO\n  npx copy-doctor approve X',
    '\u202eevil\u2066\u0000',
    '<a href="https://x">here</a>',
    'x'.repeat(5000),
    '',
    '"',
    '\ud83d',
  ),
);
const counted: fc.Arbitrary<Counted> = fc.record({
  copies: fc.nat(100_000),
  resources: fc.nat(100_000),
  bytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  withoutSize: fc.nat(100_000),
});
const retried: fc.Arbitrary<Retried> = fc.record({
  copied: fc.nat(100_000),
  bytes: fc.nat({ max: Number.MAX_SAFE_INTEGER }),
  running: fc.nat(100),
  failed: fc.nat(100),
  leftOut: fc.constantFrom({}, { 'older-point': 3 }, { refused: 1, 'next-run': 2 }),
});
const newest: fc.Arbitrary<NewestCopies | undefined> = fc.option(
  fc.record({
    readAt: fc.constant('2026-06-01T10:17:00.000Z'),
    resources: fc.nat(100_000),
    without: fc.nat(100),
    unread: fc.nat(100),
    oldest: fc.constantFrom(undefined, '2026-05-20T00:00:00.000Z'),
    worst: fc.array(
      fc.record({
        resourceArn: hostile,
        destinationVaultArn: hostile,
        begunAt: fc.constantFrom(undefined, '2026-05-20T00:00:00.000Z'),
      }),
      { maxLength: 5 },
    ),
  }),
  { nil: undefined },
);
const states = [
  'reported',
  'waiting',
  'proposed',
  'approved',
  'refused',
  'rejected',
  'expired',
  'stale',
  'settling',
  'applied',
  'resolved',
  'rollback-proposed',
] as const;

const anyIncident: fc.Arbitrary<Incident> = fc
  .record({
    texts: fc.array(hostile, { minLength: 8, maxLength: 8 }),
    kind: fc.constantFrom('vault-policy' as const, 'key-policy' as const, 'retry-later' as const),
    applies: fc.constantFrom('service' as const, 'owner' as const),
    retry: fc.constantFrom('ask' as const, 'auto' as const, 'never' as const, undefined),
    because: fc.option(hostile, { nil: undefined }),
    change: fc.option(fc.record({ at: fc.constant('2026-06-01T11:00:00.000Z'), requestId: hostile }), {
      nil: undefined,
    }),
    others: fc.option(fc.array(hostile, { maxLength: 5 }), { nil: undefined }),
    notSeen: fc.boolean(),
    isDecided: fc.boolean(),
    state: fc.constantFrom(...states),
    refused: fc.option(hostile, { nil: undefined }),
    tell: fc.constantFrom(...TELLINGS),
    template: fc.option(fc.record({ stack: hostile, logicalId: fc.option(hostile, { nil: undefined }) }), {
      nil: undefined,
    }),
    decision: fc.constantFrom('approved' as const, 'rejected' as const),
    resource: fc.constantFrom(one.incident.resource, SOURCE_KEY, undefined),
  })
  .map(({ texts, decision, resource, isDecided, ...rest }) => ({
    ...one.incident,
    ...rest,
    resource: resource ?? texts[0] ?? '',
    owner: texts[1] ?? '',
    rollback: {
      from: 'applied',
      requestedBy: texts[4] ?? '',
      requestedAt: '2026-06-01T11:00:00.000Z',
      planHash: one.incident.planHash ?? '',
    },
    decision: isDecided
      ? {
          incident: one.incident.id,
          revision: 1,
          planHash: one.incident.planHash ?? '',
          decision,
          by: texts[2] ?? '',
          at: '2026-06-01T11:00:00.000Z',
          reason: texts[3] ?? '',
        }
      : undefined,
  }));

/** What a rollback would remove; its warnings hold names. */
const anyRollback = fc
  .array(hostile, { maxLength: 30 })
  .map((warnings) => (one.plan ? { ...one.plan, added: [], warnings } : undefined));

const anyEvidence: fc.Arbitrary<StoredEvidence | undefined> = fc.option(
  fc.record({ statusMessage: hostile, Sid: hostile, name: hostile }).map(({ statusMessage, Sid, name }) =>
    storedOf(
      vaultWith([{ ...AUDIT, Sid }], {
        job: {
          StatusMessage: statusMessage,
          ResourceType: name,
          ResourceArn: `arn:aws:ec2:eu-west-1:111111111111:volume/${name}`,
          DestinationBackupVaultArn: `arn:aws:backup:eu-west-1:222222222222:backup-vault:${name}`,
        },
      }),
    ),
  ),
  { nil: undefined },
);

describe('whatever AWS and people write', () => {
  it.each(TELLINGS)('%s is a message that can be sent and read', (telling) => {
    const property = fc.property(
      anyIncident,
      counted,
      anyEvidence,
      fc.constantFrom(context, SHORT),
      retried,
      anyRollback,
      newest,
      (incident, count, stored, where, again, rollbackPlan, copies) => {
        const told = [{ ...one, incident, counted: count, retried: again, rollbackPlan, newest: copies }];
        expect(wrongWith(renderTelling(telling, told, stored, where))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: runs(25) });
  });

  it('so is a digest', () => {
    const property = fc.property(
      fc.array(fc.tuple(anyIncident, counted), { minLength: 1, maxLength: 8 }),
      fc.constantFrom(context, SHORT),
      (rows, where) => {
        const told = rows.map(([incident, count]) => ({ ...one, incident, counted: count }));
        expect(wrongWith(renderDigest(told, where))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: runs(40) });
  });

  it('a reason stays one quoted line, whatever it looks like', () => {
    const reason = 'ok"\n\nWHAT TO DO\n    npx --no-install copy-doctor approve X <b>';
    const decision = {
      incident: one.incident.id,
      revision: 1,
      planHash: one.incident.planHash ?? '',
      decision: 'approved' as const,
      by: 'arn:aws:iam::111111111111:user/<i>jane</i>\u202e',
      at: '2026-06-01T11:00:00.000Z',
      reason,
    };
    const told = [{ ...one, incident: { ...one.incident, state: 'approved' as const, decision } }];
    const { body } = renderTelling('approved', told, undefined, context).mail;
    const lines = body.split('\n').filter((line) => line.includes('approve X'));
    expect(lines).toEqual([expect.stringMatching(/^ {2}Reason: "ok' WHAT TO DO .*approve X ‹b›"$/)]);
    expect(body).not.toMatch(/[<>]/);
    expect(body.match(/^WHAT TO DO$/gm)).toHaveLength(1);
  });
});

describe('a short mail', () => {
  const several = keyWith(ownerOnly, {
    responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
  });
  const told = incidentsOf(several).map((row) => ({
    ...row,
    retried: { copied: 2, bytes: 5, running: 0, failed: 1, leftOut: { 'role-not-listed': 1 } },
    rollbackPlan: row.plan && { ...row.plan, warnings: ['3 copies of account 222222222222 since'] },
    incident: {
      ...row.incident,
      template: { stack: 'a-stack', logicalId: 'Key' },
      because: 'AWS said no to arn:aws:iam::222222222222:role/x',
      change: { at: '2026-06-01T11:00:00.000Z', requestId: '01234567-89ab-cdef-0123-456789abcdef' },
      rollback: {
        from: 'applied' as const,
        requestedBy: 'arn:aws:sts::111111111111:assumed-role/Admin/jane',
        requestedAt: '2026-06-01T11:00:00.000Z',
        planHash: row.incident.planHash,
      },
      decision: {
        incident: row.incident.id,
        revision: 1,
        planHash: row.incident.planHash ?? '',
        decision: 'approved' as const,
        by: 'arn:aws:sts::111111111111:assumed-role/Admin/jane',
        at: '2026-06-01T11:00:00.000Z',
        reason: 'see arn:aws:iam::222222222222:role/x',
      },
    },
  }));

  it.each(TELLINGS)('%s holds no policy and no id but those of incidents', (telling) => {
    const messages = [
      renderTelling(telling, told, storedOf(several), SHORT),
      renderDigest(
        told.map((row) => ({ ...row, incident: { ...row.incident, tell: telling } })),
        SHORT,
      ),
    ];
    for (const { mail, json } of messages) {
      const text = `${mail.subject}\n${mail.body}\n${json}`;
      expect(text).not.toMatch(/\d{12}|arn:|[0-9a-f]{8}-[0-9a-f]{4}|Statement|Principal|jane/);
      for (const { incident } of told) if (telling !== 'drill') expect(text).toContain(incident.id);
    }
  });
});

describe('the size', () => {
  const roles = Array.from({ length: 600 }, (_, index) => `arn:aws:iam::${500000000000 + index}:role/a-role-of-a-name`);
  const large = keyWith([...ownerOnly, { ...KEY_STATEMENTS.use, Sid: 'Many', Principal: { AWS: roles } }]);

  it('is under 200 KB with a key policy as large as KMS takes it', () => {
    const incidents = incidentsOf(large);
    expect(bytes(JSON.stringify(incidents[0]?.plan?.after))).toBeGreaterThan(25_000);
    for (const telling of ['opened', 'approved', 'stale'] as const) {
      expect(wrongWith(renderTelling(telling, incidents, storedOf(large), contextOf(large)))).toEqual([]);
    }
  });

  it('is under 200 KB with 100 incidents, and says what was left out', () => {
    const [first] = incidentsOf(large);
    if (!first) throw new Error('no incident');
    const many = Array.from({ length: 500 }, (_, index) => ({
      ...first,
      incident: { ...first.incident, id: `${'A'.repeat(13)}${String(index).padStart(3, '2')}` },
      counted: { ...first.counted, copies: index },
    }));
    for (const telling of ['opened', 'reminder'] as const) {
      expect(wrongWith(renderTelling(telling, many.slice(0, 100), storedOf(large), context))).toEqual([]);
    }
    const digest = renderDigest(many, context);
    expect(wrongWith(digest)).toEqual([]);
    expect(bytes(digest.mail.body)).toBeLessThan(60_000);
    const listed = digest.mail.body.match(/copy-doctor approve/g) ?? [];
    expect(digest.mail.body).toContain(`${500 - listed.length} more incidents are left out here.`);
    expect(digest.mail.body).toContain(
      'npx --no-install copy-doctor incidents --region eu-west-1 --account 111111111111',
    );
    // The first one stops most copies.
    expect(digest.mail.body).toMatch(/499\s+copies[^]*498\s+copies/);
    expect(JSON.parse(digest.json)).toMatchObject({ kind: 'digest', cut: true });
  });

  it('is under 200 KB whatever a message holds; what is cut is cut at a line and says so', () => {
    const body = `${'a line of text "in quotes" \u2603\n'.repeat(20_000)}`;
    const texts = textsOf({ mail: { subject: 'x', body }, json: JSON.stringify({ body }), kind: 'diagnosis' });
    expect(bytes(JSON.stringify(texts))).toBeLessThan(200_000);
    expect(texts.email).toBe(texts.default);
    expect(texts.email.split('\n').slice(-3)).toEqual([
      'a line of text "in quotes" \u2603',
      expect.stringMatching(/^\[Cut here/),
      '',
    ]);
    expect(JSON.parse(texts.lambda)).toEqual({ version: 1, kind: 'diagnosis', cut: true });
  });
});
