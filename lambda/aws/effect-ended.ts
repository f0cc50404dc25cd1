import type { ApplyResult } from './apply-fix';
import { passesByItself } from './readers';

/** How a call that changes a policy ended, as events tell it; `later`: nothing is changed, and it is tried again. */
export interface EndedCall {
  readonly outcome: ApplyResult['outcome'];
  readonly because?: string;
  readonly requestId?: string;
}

/** `role`: what to do where the role of the service lacks the permission. */
export function endedOf(
  { outcome, reason, error, requestId }: ApplyResult,
  role: string,
): EndedCall | { readonly outcome: 'later'; readonly because: string } {
  if (outcome === 'refused' && error && passesByItself(error.name)) {
    return { outcome: 'later', because: reason ?? error.name };
  }
  const lacks = outcome === 'refused' && error !== undefined && lacksPermission(error.name, error.message);
  const because = lacks ? `${role} ${reason ?? ''}` : reason;
  return {
    outcome,
    ...(because === undefined ? {} : { because }),
    ...(requestId === undefined ? {} : { requestId }),
  };
}

/** Nobody denies it: the role's own policy does not name the vault. */
const lacksPermission = (name: string, message: string): boolean =>
  /^AccessDenied/.test(name) &&
  !/explicit deny|control polic|boundary|session policy|sharing restrictions/i.test(message);
