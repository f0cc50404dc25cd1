import { copyOf } from '../../../lambda/core/evidence';
import { mail } from '../../../lambda/core/text/en/mail';
import { DESTINATION, evidenceOf } from '../evidence-fixture';

it.each([
  ['destination-vault-not-available', /is not known\.$/],
  ['recovery-point-missing', /takes another recovery point and may succeed\.$/],
  ['source-key-unusable', /while the key is in this state, and nothing ever again once it is deleted\.$/],
  ['vault-policy-denies', /^Nothing changes\. The next scheduled copy fails the same way/],
])('%s: what comes of doing nothing', (id, expected) => {
  expect(mail.ifNothing([{ id, fix: 'manual' }])).toMatch(expected);
});

describe('the command that diagnoses again', () => {
  const copy = copyOf(evidenceOf());
  it('asks for the profiles that it needs, and says what stands for them', () => {
    expect(mail.diagnoseAgain(copy)).toMatch(/ --account \d{12} --destination-profile DESTINATION$/);
    expect(mail.diagnoseAgain(copy, '333333333333')).toMatch(/ --key-profile KEY$/);
    expect(mail.withProfiles(copy, '333333333333')).toBe(
      `, with a profile of account ${DESTINATION} in place of DESTINATION and one of account 333333333333 in place of KEY`,
    );
  });
  it('needs none within one account', () => {
    const within = { ...copy, crossAccount: false };
    expect(mail.diagnoseAgain(within)).toMatch(/ --account \d{12}$/);
    expect(mail.withProfiles(within)).toBe('');
  });
});
