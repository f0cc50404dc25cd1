import { clean } from '../text/clean';
import type { Incident, IncidentState } from './incident';

type Why = (incident: Incident) => string;

const inPlace: Why = ({ id }) => `The change of incident ${id} is in place.`;

/** Why nobody can decide on an incident's change now. */
export const WHY_NOT_OPEN: Readonly<Record<IncidentState, Why>> = {
  reported: ({ id, refused: why }) =>
    why
      ? `For incident ${id} no plan is offered: ${sentence(why)}`
      : `Incident ${id} is reported only: look at it to see what to do.`,
  waiting: ({ id }) => `The cause of incident ${id} passes by itself; its copies are tried again later.`,
  proposed: ({ id }) => `Incident ${id} has no plan.`,
  approved: ({ id, agenda }) =>
    agenda.apply === undefined
      ? `Incident ${id} is approved; the owner can apply the change now.`
      : `Incident ${id} is approved; the service makes the change now.`,
  applying: ({ id }) => `The service makes the change of incident ${id} now.`,
  refused: ({ id, because }) =>
    `The change of incident ${id} was not made${because ? `: ${sentence(because)}` : '.'} The next failure of the same cause proposes it again.`,
  rejected: ({ id }) => `Incident ${id} is rejected; the next failure of the same cause proposes it again.`,
  expired: ({ id }) => `Incident ${id} has expired.`,
  stale: ({ id }) => `The policy behind incident ${id} was changed since the plan was made; look at what is there now.`,
  settling: inPlace,
  canary: ({ id }) => `The change of incident ${id} is in place, and one copy is tried now.`,
  retrying: ({ id }) => `The copies of incident ${id} are tried again now.`,
  applied: inPlace,
  reopened: ({ id }) =>
    `The cause of incident ${id} is mended; its copies fail for another one, which is told by itself.`,
  'not-cured': ({ id }) => `The copies of incident ${id} were tried again and failed for the same cause.`,
  resolved: ({ id }) => `Incident ${id} is resolved: its resources were copied since.`,
  'rollback-proposed': ({ id }) =>
    `The change of incident ${id} is in place, and taking it back waits for a decision: the command \`rollback\` decides on that.`,
  'rollback-approved': ({ id }) => `The service takes the change of incident ${id} back now.`,
  'rolled-back': ({ id }) =>
    `The change of incident ${id} was taken back; the next failure of the same cause proposes it again.`,
};

/** Why the service cannot be asked to take a change back now. Absent: it can, if it made the change. */
export const WHY_NOT_BACK: Readonly<Partial<Record<IncidentState, Why>>> = {
  reported: ({ id }) => `Incident ${id} is reported only: nothing was changed.`,
  waiting: ({ id }) => `Incident ${id} waits for its cause to pass: nothing was changed.`,
  proposed: ({ id }) => `The change of incident ${id} waits for a decision: nothing was changed.`,
  approved: ({ id }) => `The change of incident ${id} is approved, and not seen in place.`,
  applying: ({ id }) => `The service makes the change of incident ${id} now. Wait until it has ended.`,
  refused: ({ id }) => `The change of incident ${id} was not made.`,
  rejected: ({ id }) => `Incident ${id} is rejected: nothing was changed.`,
  expired: ({ id }) => `Incident ${id} has expired: nothing was changed.`,
  stale: ({ id }) => `The change of incident ${id} was not made: the policy is another one.`,
  settling: ({ id }) => `The change of incident ${id} takes effect now. Wait until it has settled.`,
  canary: ({ id }) => `A copy of incident ${id} is tried now. Wait until it has ended.`,
  retrying: ({ id }) => `The copies of incident ${id} are tried again now. Wait until they have ended.`,
  'rollback-proposed': ({ id }) => `The rollback of incident ${id} is proposed already, and waits for a decision.`,
  'rollback-approved': ({ id }) => `The service takes the change of incident ${id} back now.`,
  'rolled-back': ({ id }) => `The change of incident ${id} was taken back.`,
};

const sentence = (text: string) => `${clean(text, 300).replace(/[.\s]+$/, '')}.`;
