import { setTimeout as sleep } from 'node:timers/promises';
import type { Incident } from '../../../lambda/core/incident/incident';
import { apply, close } from './cure';
import { headOf } from './heads';
import { diagnosed, fail, type Failed } from './play';
import type { Scenario } from './scenario';
import type { World } from './world';

const LOOK_EVERY = 300;

/** Plays a scenario to its decision and waits until a person in a second terminal has made it. Gives the exit code. */
export async function decideByHand(
  world: World,
  scenario: Scenario,
  say: (text: string) => void,
  stopped: Promise<unknown>,
): Promise<number> {
  return fail(world, scenario, async (failed) => {
    const told = await diagnosed(world, failed.event, scenario.name, false);
    say(`\nSubject: ${told.mail.subject}\n\n${told.mail.body}\n`);
    const open = told.incidents.filter(({ state }) => state === 'proposed');
    if (open.length === 0) {
      say(`There is nothing to decide about ${scenario.name}.\n`);
      return 0;
    }
    for (const incident of open) {
      say(invitation(world, incident));
      const decided = await decision(world, incident, stopped);
      if (decided === undefined) return 1;
      say(`\n${decided.decision?.decision ?? decided.state} by ${decided.decision?.by ?? 'nobody'}\n`);
      if (decided.decision?.decision !== 'approved') return 0;
      if (decided.applies === 'owner') say('Now the owner of the resource makes the change:\n');
      await apply(world, decided, say);
    }
    return heal(world, failed, open, say);
  });
}

async function heal(world: World, failed: Failed, open: readonly Incident[], say: (text: string) => void) {
  const before = world.sandbox.published.length;
  say('Time goes by:\n');
  await close(world, failed, say);
  for (const { subject = '', message } of world.sandbox.published.slice(before)) {
    say(`\nSubject: ${subject}\n\n${(JSON.parse(message) as { email: string }).email}\n`);
  }
  const states = await Promise.all(open.map(async ({ id }) => (await headOf(world, id)).state));
  say(`Ended: ${states.join(', ')}\n`);
  // Whoever says that nothing is copied again gets what they decided: in place, and no more.
  return states.every((state) => state === 'resolved' || state === 'applied') ? 0 : 1;
}

function invitation({ profiles, region, hub }: World, { id }: Incident): string {
  const variables = Object.entries(profiles.environment).map(([name, value]) => `${name}=${value}`);
  return `
Decide in a second terminal, in this folder:

  export ${variables.join(' \\\n         ')}
  npx --no-install copy-doctor approve ${id} --region ${region} --account ${hub} --profile operator

(or reject, or show). It asks whether the failed copies are started again, and for the first 12 characters of the plan's
hash; they stand in the mail above. Ctrl-C ends it.
`;
}

/** Until the incident is no longer open for a decision; undefined: the person had enough. */
async function decision(world: World, { id }: Incident, stopped: Promise<unknown>): Promise<Incident | undefined> {
  let ended = false;
  void stopped.then(() => (ended = true));
  for (;;) {
    await world.drain();
    const now = await headOf(world, id);
    if (now.state !== 'proposed') return now;
    if (ended) return undefined;
    await sleep(LOOK_EVERY);
  }
}
