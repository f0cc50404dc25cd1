import { causes } from '../../../lambda/core/checks';
import type { Decision, Incident, Telling } from '../../../lambda/core/incident/incident';
import type { IncidentEvent } from '../../../lambda/core/incident/incident-event';
import { reduce } from '../../../lambda/core/incident/reduce';
import { renderDigest, renderTelling, type ToldIncident } from '../../../lambda/core/render/incident-mail';
import { mail } from '../../../lambda/core/text/en/mail';
import { evidenceOf, SOURCE } from '../evidence-fixture';
import { AUDIT, KEEP, keyWith, ownerOnly, vaultWith } from '../plan/fixture';
import { after, contextOf, incidentsOf, settingsOf, storedOf, TOLD_AT } from './fixture';

const evidence = vaultWith([AUDIT, KEEP]);
const stored = storedOf(evidence);
const context = contextOf(evidence);
const SHORT = { ...context, mailDetail: 'short' } as const;
const counted = { copies: 12, resources: 5, bytes: 1_234_567_890_123, withoutSize: 1 };

const TEMPLATE = { stack: 'backup-vaults', logicalId: 'DrVault' };

const first = (told: readonly ToldIncident[]): ToldIncident => {
  const [one] = told;
  if (!one) throw new Error('no incident');
  return one;
};
const opened = first(incidentsOf(evidence, settingsOf(evidence), counted));

const by = (incident: Incident, ...events: readonly IncidentEvent[]): Incident =>
  events.reduce<Incident>((before, event) => reduce(before, event).incident ?? before, incident);
const told = { kind: 'told', at: TOLD_AT, telling: 'opened' } as const;
const asked = by(opened.incident, told);
const decision = (what: Decision['decision'], reason?: string): IncidentEvent => ({
  kind: 'decided',
  at: '2026-06-01T11:02:00.000Z',
  decision: {
    incident: opened.incident.id,
    revision: 1,
    planHash: opened.incident.planHash ?? '',
    decision: what,
    by: `arn:aws:sts::${SOURCE}:assumed-role/Admin/jane`,
    at: '2026-06-01T11:02:00.000Z',
    ...(reason === undefined ? {} : { reason }),
  },
});
const looked = (policy: 'in-place' | 'changed', at: string, open?: number): IncidentEvent => ({
  kind: 'looked',
  at,
  policy,
  listed: open !== undefined,
  ...(open === undefined ? {} : { open }),
});

const approved = by(asked, decision('approved', 'change window 42'));
/** The service makes no change where a template owns the vault. */
const owned = by({ ...asked, template: TEMPLATE }, decision('approved', 'change window 42'));
const DONE = { copies: 0, resources: 0, bytes: 0, withoutSize: 0 };
const notify = first(incidentsOf(evidence, settingsOf(evidence, { vaultPolicy: 'notify' }), counted));

/** What each telling finds, and when it is told. */
const TELLINGS: readonly (readonly [name: string, Telling, ToldIncident, now: string])[] = [
  ['opened', 'opened', opened, TOLD_AT],
  ['opened, the resource of a stack', 'opened', after(opened, { ...opened.incident, template: TEMPLATE }), TOLD_AT],
  ['opened, only told', 'opened', notify, TOLD_AT],
  ['opened, only told, of a stack', 'opened', after(notify, { ...notify.incident, template: TEMPLATE }), TOLD_AT],
  [
    'reminder',
    'reminder',
    after(opened, by(asked, { kind: 'remind', at: '2026-06-02T10:17:00.000Z' })),
    '2026-06-02T10:17:30.000Z',
  ],
  [
    'expired',
    'expired',
    after(opened, by(asked, { kind: 'expire', at: '2026-06-04T10:17:00.000Z' })),
    '2026-06-04T10:17:30.000Z',
  ],
  ['approved', 'approved', after(opened, owned), '2026-06-01T11:02:30.000Z'],
  [
    'rejected',
    'rejected',
    after(opened, by(asked, decision('rejected', 'not before the audit'))),
    '2026-06-01T11:02:30.000Z',
  ],
  [
    'stale',
    'stale',
    after(opened, by(owned, looked('changed', '2026-06-01T12:00:00.000Z'))),
    '2026-06-01T12:00:30.000Z',
  ],
  ['stale, with a new plan', 'stale', after(opened, { ...opened.incident, revision: 2, tell: 'stale' }), TOLD_AT],
  [
    'in-place',
    'in-place',
    after(opened, by(owned, looked('in-place', '2026-06-01T12:00:00.000Z'))),
    '2026-06-01T12:00:30.000Z',
  ],
  [
    'resolved',
    'resolved',
    after(opened, by(approved, looked('in-place', '2026-06-03T04:00:00.000Z', 0)), { counted: DONE }),
    '2026-06-03T04:00:30.000Z',
  ],
];

const shown = ({ mail }: { readonly mail: { readonly subject: string; readonly body: string } }) =>
  `Subject: ${mail.subject}\n\n${mail.body}`;

describe.each(TELLINGS)('%s', (_, telling, incident, now) => {
  it('in full', () => {
    expect(shown(renderTelling(telling, [incident], stored, { ...context, now }))).toMatchSnapshot();
  });

  it('in short', () => {
    expect(shown(renderTelling(telling, [incident], stored, { ...SHORT, now }))).toMatchSnapshot();
  });

  it('prints commands that npx cannot fetch from elsewhere, with Region and account', () => {
    const { body } = renderTelling(telling, [incident], stored, { ...context, now }).mail;
    const commands = body.match(/.*copy-doctor [a-z]+ .*/g) ?? [];
    for (const line of commands) expect(line).toContain('npx --no-install copy-doctor');
    for (const line of commands.filter((command) => !command.includes('explain'))) {
      expect(line).toContain(' --region eu-west-1 --account 111111111111');
    }
  });
});

it('a drill', () => {
  const drill = evidenceOf({ detail: { copyDoctorDrill: true } });
  const one = incidentsOf(drill);
  expect(shown(renderTelling('drill', one, storedOf(drill), context))).toMatchSnapshot();
  expect(shown(renderTelling('drill', one, storedOf(drill), SHORT))).toMatchSnapshot();
  expect(renderTelling('drill', one, storedOf(drill), context).kind).toBe('drill');
});

it('what the deployment does not list gets a diagnosis, and why no change is proposed', () => {
  const elsewhere = { destinations: ['arn:aws:backup:eu-west-1:333333333333:backup-vault:other'] };
  const incidents = incidentsOf(evidence, settingsOf(evidence, elsewhere));
  const listed = { ...context, deployment: { ...context.deployment, ...elsewhere } };
  expect(shown(renderTelling('opened', incidents, stored, listed))).toMatchSnapshot();
});

it('a change to decide on, one that is refused and one that is known already, of one failure', () => {
  const both = keyWith(ownerOnly, {
    responses: { 'backup:GetBackupVaultAccessPolicy@destination': { error: 'ResourceNotFoundException' } },
  });
  const [vault, key] = incidentsOf(both);
  if (!vault || !key) throw new Error('two incidents');
  const refused = {
    incident: {
      ...key.incident,
      planHash: undefined,
      state: 'reported' as const,
      refused: 'The policy would have 33000 bytes.',
    },
    counted: key.counted,
  };
  const body = (told: readonly ToldIncident[]) => shown(renderTelling('opened', told, storedOf(both), contextOf(both)));
  const toDo = (text: string) => text.slice(text.indexOf('WHAT TO DO'), text.indexOf('THE EXACT CHANGE'));
  expect(toDo(body([vault, refused]))).toMatchSnapshot();
  expect(toDo(body([vault]))).toMatchSnapshot();
});

it('without its evidence an incident is still told', () => {
  expect(shown(renderTelling('opened', [opened], undefined, context))).toMatchSnapshot();
});

it('a digest', () => {
  const other = (letter: string, incident: Incident, copies: number): ToldIncident =>
    after(opened, { ...incident, id: letter.repeat(16) }, { counted: { ...counted, copies } });
  const manual = first(incidentsOf(evidence, settingsOf(evidence, { destinations: [] }), counted));
  const many = [
    opened,
    other('B', by(asked, { kind: 'remind', at: '2026-06-02T10:17:00.000Z' }), 300),
    other('C', owned, 4),
    after(manual, { ...manual.incident, id: 'D'.repeat(16) }),
    other('E', by(owned, looked('in-place', '2026-06-01T12:00:00.000Z')), 2),
  ];
  expect(shown(renderDigest(many, context))).toMatchSnapshot();
  expect(shown(renderDigest(many, SHORT))).toMatchSnapshot();
});

test.each(causes.map(({ id, title }) => [id, title] as const))(
  '%s fits whole into a subject, beside a vault of 20 characters',
  (id, title) => {
    const subject = `[Approve] Copy to ${'v'.repeat(20)} failed: ${mail.inSubject(id, title)}`;
    expect(subject.length).toBeLessThan(100);
  },
);

describe('the JSON for machines', () => {
  it('holds the incidents and the diagnosis', () => {
    const message = renderTelling('opened', [opened], stored, context);
    expect(message.kind).toBe('diagnosis');
    expect(JSON.parse(message.json)).toMatchObject({
      version: 1,
      kind: 'diagnosis',
      telling: 'opened',
      copyJobId: evidence.failure.copyJobId,
      statusMessage: evidence.failure.statusMessage,
      incidents: [
        {
          id: opened.incident.id,
          revision: 1,
          state: 'proposed',
          causes: [{ id: 'vault-policy-lacks-source', confidence: 'confirmed', fix: 'vault-policy' }],
          resource: opened.incident.resource,
          owner: '222222222222',
          planHash: opened.incident.planHash,
          counted: opened.counted,
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
