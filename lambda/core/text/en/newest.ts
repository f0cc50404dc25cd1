import { plural } from './plural';

/** What people read about how old the newest good copy of a resource is. */
export const newest = {
  heading: 'NEWEST GOOD COPY',
  row: (resource: string, vault: string, age: string) => `${resource} in the vault ${vault}: ${age}`,
  none: 'none in the last 30 days',
  age: (age: string, begun: string, unsure: boolean) =>
    `${age} old, begun ${begun}${unsure ? ', if it is still kept' : ''}`,
  more: (count: number, without: number) =>
    `and ${count} more${without > 0 ? `, ${without} of them with none in the last 30 days` : ', none of them older'}`,
  unread: (count: number, all: boolean) =>
    all ? 'Not known: the copies could not be listed.' : `Of ${plural(count, 'more resource')} it is not known.`,
  records: 'AWS Backup keeps records of copies for 30 days; older copies are not seen.',
  kept: 'A copy whose record says no time to delete it expires with its source recovery point, which is not looked at.',
  /** Without names. */
  summary: (resources: number, without: number) =>
    `Of ${plural(resources, 'resource')}, ${without} ${without === 1 ? 'has' : 'have'} no copy of the last 30 days.`,
  oldest: (age: string) => `The oldest of the others is ${age} old.`,
  unsure: (count: number) => `Of ${count} of them it is not known whether it is still kept.`,
};
