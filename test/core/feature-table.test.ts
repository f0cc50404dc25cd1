import { featureOf } from '../../lambda/core/feature-table';

const before = { crossAccount: true, date: '2026-08-01T00:00:00Z', subKind: 'ontap-volume' } as const;

it('names a day only where nothing else closes the route', () => {
  const open = featureOf('FSx', { ...before, crossRegion: true, regions: ['eu-west-1', 'us-east-1'] });
  expect(open).toMatchObject({ copyable: false, since: '2026-08-27' });
  // Between Regions of the Gulf FSx is copied on no day.
  const never = featureOf('FSx', { ...before, crossRegion: true, regions: ['me-south-1', 'me-central-1'] });
  expect(never).toMatchObject({ copyable: false, since: undefined });
});
