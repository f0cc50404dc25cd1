import type { Cause } from '../diagnose';

interface About {
  readonly causes: readonly string[];
  readonly resource: string;
}

/** The causes of a diagnosis that an incident or a plan is about: by id, and where an image has several keys, by key. */
export const ownCauses = ({ causes: ids, resource }: About, causes: readonly Cause[]): readonly Cause[] =>
  causes.filter((cause) => {
    if (!ids.includes(cause.id)) return false;
    return cause.resource === resource || causes.every((other) => other === cause || other.id !== cause.id);
  });
