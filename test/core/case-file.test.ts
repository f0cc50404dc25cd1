import { readCaseFile } from '../../lambda/core/case-file';
import { organization } from '../../lambda/core/evidence';
import { eventOf, DESTINATION } from './evidence-fixture';

const ORGANIZATION = { Organization: { Id: 'o-exampleorg', MasterAccountId: '999999999999' } };

describe('readCaseFile', () => {
  it('leaves answers alone that no check reads: a case may come from a version that knows more', () => {
    const read = readCaseFile({
      event: eventOf(),
      responses: {
        'ec2:DescribeVolumes@source': { Images: [] },
        'kms:DescribeKey@source': { error: 'NotFoundException' },
      },
    });
    expect(read.ok && Object.keys(read.value.responses)).toEqual(['kms:DescribeKey@source']);
  });

  it('takes an answer of a service without Regions from whatever Region it was asked in', () => {
    const read = readCaseFile({
      event: eventOf(),
      responses: { [`organizations:DescribeOrganization@${DESTINATION}/us-east-1`]: ORGANIZATION },
    });
    expect(read.ok && organization(read.value, 'destination')).toMatchObject({
      ok: true,
      value: { id: 'o-exampleorg' },
    });
    expect(read.ok && organization(read.value, 'source').ok).toBe(false);
  });

  it.each([
    ['no object', [], 'not a JSON object'],
    ['no event', {}, 'no "event"'],
    ['an event that is refused', { event: {} }, '"event" is refused'],
    ['responses that are a list', { event: eventOf(), responses: [] }, '"responses" is not a JSON object'],
    ['a key without an operation', { event: eventOf(), responses: { vault: {} } }, 'a key that is not'],
    ['a place that is none', { event: eventOf(), responses: { 'kms:DescribeKey@here': {} } }, 'a key that is not'],
    ['an answer that is text', { event: eventOf(), responses: { 'kms:DescribeKey': 'no' } }, 'not a JSON object'],
  ])('refuses %s with one line', (_name, document, reason) => {
    const read = readCaseFile(document);
    expect(read.ok ? '' : read.reason).toContain(reason);
    expect(read.ok ? '' : read.reason).not.toContain('\n');
  });
});
