import { KEY_STATEMENTS } from '../evidence-fixture';
import { AUDIT, keyWith, ownerOnly, planFor, vaultWith } from './fixture';

const ids = Array.from({ length: 1800 }, (_, index) => String(500000000000 + index));
const roles = ids.slice(0, 600).map((id) => `arn:aws:iam::${id}:role/r`);

// Others write these documents; whoever fails a copy on purpose must not stall the diagnosis.
describe('documents as large as AWS takes them', () => {
  it.each([
    ['principals', vaultWith([{ ...AUDIT, Principal: { AWS: ids } }])],
    [
      'actions',
      vaultWith([{ ...AUDIT, Principal: { AWS: '222222222222' }, Action: ids.map((id) => `backup:A${id}`) }]),
    ],
    ['statements', vaultWith(ids.slice(0, 200).map((id) => ({ ...AUDIT, Sid: `S${id}`, Principal: { AWS: id } })))],
    ['roles', keyWith([...ownerOnly, { ...KEY_STATEMENTS.use, Principal: { AWS: roles } }])],
  ])('many %s', (_, evidence) => expect(planFor(evidence).added.length).toBeGreaterThan(0));
});
