import fc from 'fast-check';
import type { Incident, Telling } from '../../../lambda/core/incident/incident';
import { renderDigest, renderTelling, textsOf, type Message } from '../../../lambda/core/render/incident-mail';
import type { Counted, StoredEvidence } from '../../../lambda/core/incident/shown';
import { evidenceOf, KEY_STATEMENTS, SOURCE_KEY } from '../evidence-fixture';
import { AUDIT, keyWith, ownerOnly, vaultWith } from '../plan/fixture';
import { contextOf, incidentsOf, storedOf } from './fixture';

const TELLINGS: readonly Telling[] = [
  'opened',
  'reminder',
  'expired',
  'approved',
  'rejected',
  'stale',
  'in-place',
  'resolved',
  'drill',
];
const evidence = vaultWith([AUDIT]);
const context = contextOf(evidence);
const SHORT = { ...context, mailDetail: 'short' } as const;
const [one] = incidentsOf(evidence);
if (!one) throw new Error('no incident');
const bytes = (text: string) => Buffer.byteLength(text, 'utf8');

/** What SNS, a mail program or a person would stumble over. */
function wrongWith(message: Message): readonly string[] {
  const { subject, body } = message.mail;
  const texts = textsOf(message);
  return [
    ...(/^[\x20-\x7e]{1,99}$/.test(subject) ? [] : [`subject: ${subject}`]),
    ...(/^\[(Approve|Action|Info|Drill)\] /.test(subject) ? [] : [`prefix: ${subject}`]),
    ...(/[\0-\x09\x0b-\x1f\x7f-\x9f\p{Cf}\p{Cs}]/u.test(body)
      ? ['a control character, a bidi override or half a character']
      : []),
    ...(/\bundefined\b|\[object|\bNaN\b/.test(body) ? ['a value that is none'] : []),
    ...(bytes(JSON.stringify(texts)) < 200_000 ? [] : ['too large']),
    ...(/[\p{Cc}\p{Cf}\p{Cs}]/u.test(texts.sqs) ? ['a control character in the JSON'] : []),
    ...(typeof JSON.parse(texts.sqs) === 'object' ? [] : ['no JSON']),
  ];
}

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
const states = ['reported', 'proposed', 'approved', 'rejected', 'expired', 'stale', 'settling', 'resolved'] as const;

const anyIncident: fc.Arbitrary<Incident> = fc
  .record({
    texts: fc.array(hostile, { minLength: 8, maxLength: 8 }),
    state: fc.constantFrom(...states),
    refused: fc.option(hostile, { nil: undefined }),
    tell: fc.constantFrom(...TELLINGS),
    template: fc.option(fc.record({ stack: hostile, logicalId: fc.option(hostile, { nil: undefined }) }), {
      nil: undefined,
    }),
    decision: fc.constantFrom('approved' as const, 'rejected' as const),
    resource: fc.constantFrom(one.incident.resource, SOURCE_KEY, undefined),
  })
  .map(({ texts, decision, resource, ...rest }) => ({
    ...one.incident,
    ...rest,
    resource: resource ?? texts[0] ?? '',
    owner: texts[1] ?? '',
    decision: {
      incident: one.incident.id,
      revision: 1,
      planHash: one.incident.planHash ?? '',
      decision,
      by: texts[2] ?? '',
      at: '2026-06-01T11:00:00.000Z',
      reason: texts[3] ?? '',
    },
  }));

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
      (incident, count, stored, where) => {
        const told = [{ ...one, incident, counted: count }];
        expect(wrongWith(renderTelling(telling, told, stored, where))).toEqual([]);
      },
    );
    fc.assert(property, { numRuns: 40 });
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
    fc.assert(property, { numRuns: 40 });
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
    incident: {
      ...row.incident,
      template: { stack: 'a-stack', logicalId: 'Key' },
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
  }, 20_000);

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
  }, 20_000);

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

describe('the JSON for machines', () => {
  it('holds the incidents and the diagnosis', () => {
    const message = renderTelling('opened', [one], storedOf(evidence), context);
    expect(message.kind).toBe('diagnosis');
    expect(JSON.parse(message.json)).toMatchObject({
      version: 1,
      kind: 'diagnosis',
      telling: 'opened',
      copyJobId: evidence.failure.copyJobId,
      statusMessage: evidence.failure.statusMessage,
      incidents: [
        {
          id: one.incident.id,
          revision: 1,
          state: 'proposed',
          causes: [{ id: 'vault-policy-lacks-source', confidence: 'confirmed', fix: 'vault-policy' }],
          resource: one.incident.resource,
          owner: '222222222222',
          planHash: one.incident.planHash,
          counted: one.counted,
        },
      ],
    });
  });
});

describe('an incident without a plan to decide on', () => {
  it('keeps the subject of its diagnosis', () => {
    const unread = evidenceOf({ detail: { statusMessage: 'nobody knows' } });
    const { subject } = renderTelling('opened', incidentsOf(unread), storedOf(unread), contextOf(unread)).mail;
    expect(subject).toBe('[Action] Copy to dr failed: No known cause matches this failure');
  });

  it('points to the incident that a cause has already', () => {
    const both = keyWith(ownerOnly, {
      responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
    });
    const only = incidentsOf(both).slice(0, 1);
    const { body } = renderTelling('opened', only, storedOf(both), contextOf(both)).mail;
    expect(body.match(/^THE EXACT CHANGE/gm)).toHaveLength(1);
    expect(body).toContain('This has an incident of its own already. See those that are open:\n    npx');
  });
});
