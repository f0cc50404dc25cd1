import { copyOf } from '../../../lambda/core/evidence';
import { mail } from '../../../lambda/core/text/en/mail';
import { DESTINATION, evidenceOf, SOURCE } from '../evidence-fixture';

it.each([
  ['uncatalogued', /is not known\.$/],
  ['destination-vault-not-available', /fails the same way unless the vault is AVAILABLE by then\.$/],
  ['recovery-point-missing', /takes another recovery point and may succeed\.$/],
  ['source-key-unusable', /only while the key is enabled, and never again once it is deleted\.$/],
  ['vault-policy-denies', /^Nothing changes\. The next scheduled copy fails the same way/],
])('%s: what comes of doing nothing', (id, expected) => {
  expect(mail.ifNothing([{ id, fix: 'manual', confidence: 'confirmed' }])).toMatch(expected);
});

it('of a key whose state nobody has read nothing is said', () => {
  expect(mail.ifNothing([{ id: 'source-key-unusable', fix: 'manual', confidence: 'possible' }])).not.toContain('key');
});

describe('the command that diagnoses again', () => {
  const copy = copyOf(evidenceOf());
  it('asks for the profiles that it needs, and says what stands for them', () => {
    expect(mail.diagnoseAgain(copy)).toMatch(/ --account \d{12} --destination-profile DESTINATION$/);
    expect(mail.diagnoseAgain(copy, '333333333333')).toMatch(/ --key-profile KEY$/);
    expect(mail.withProfiles(copy, '333333333333')).toBe(
      `, in the folder Copy Doctor was deployed from, with credentials of account ${SOURCE} and a profile of account ${DESTINATION} in place of DESTINATION and a profile of account 333333333333 in place of KEY`,
    );
  });
  it('needs none within one account', () => {
    const within = { ...copy, crossAccount: false };
    expect(mail.diagnoseAgain(within)).toMatch(/ --account \d{12}$/);
    expect(mail.withProfiles(within)).toBe(
      `, in the folder Copy Doctor was deployed from, with credentials of account ${SOURCE}`,
    );
  });
});
