import { fail } from './play';
import { policy } from './stage';
import { DESTINATION, MANAGEMENT, REGION, SOURCE, UNREAD, type Scenario } from './scenario';
import type { World } from './world';

export const KEPT = [
  'vault-policy-lacks-source',
  'vault-policy-denies',
  'source-key-policy-lacks-grants',
  'source-key-aws-managed',
  'copy-role-lacks-permission',
  'destination-not-readable',
];

/** Account, what it is, its profile. */
const ACCOUNTS: readonly (readonly [string, string, string])[] = [
  [SOURCE, 'copies come from here; Copy Doctor is deployed here', 'source'],
  [DESTINATION, 'copies go here', 'destination'],
  [UNREAD, 'copies go here too, but it has no reader role', 'unread'],
  [MANAGEMENT, 'management account of the organization', 'management'],
];

export interface Served {
  readonly text: string;
  /** Stops the functions. */
  end(): void;
}

/** Lets a few copies fail, leaves everything as it is and says how to look at it. */
export async function serveWorld(
  world: World,
  scenarios: readonly Scenario[],
  show: (mail: { subject: string; body: string }) => void = () => undefined,
): Promise<Served> {
  const { sandbox } = world;
  const jobs: { name: string; id: string }[] = [];
  for (const scenario of scenarios) {
    await fail(world, scenario, async ({ job, event }) => {
      await world.deliver(event);
      jobs.push({ name: scenario.name, id: job.id });
    });
  }
  await world.pass(60_000);
  // Any identity of the source account may take it: something for `sts assume-role` to succeed on.
  const auditor = sandbox.addRole({
    account: DESTINATION,
    name: 'auditor',
    trust: policy({ Effect: 'Allow', Principal: { AWS: `arn:aws:iam::${SOURCE}:root` }, Action: 'sts:AssumeRole' }),
  });
  const profiles = ACCOUNTS.map(([account, what, profile]) => ({
    account,
    what,
    profile,
    ...sandbox.credentials(account),
  }));
  const { file } = world.profiles;

  const accounts = profiles.map(
    ({ account, what, profile, accessKeyId, secretAccessKey }) =>
      `  ${account}  ${what}\n    profile ${profile}, keys ${accessKeyId} ${secretAccessKey}\n`,
  );
  const id = jobs[0]?.id ?? '';
  const text = `An AWS that is made up, on this machine only: ${sandbox.endpoint}

Accounts and keys, made up as well:
${accounts.join('')}
  profile operator: a person of ${world.hub} with the managed policy for operators, and nothing else

Copies that failed in ${SOURCE}, ${REGION}:
${jobs.map((job) => `  ${job.id}  ${job.name}\n`).join('')}
Look at them from another terminal:
  export AWS_ENDPOINT_URL=${sandbox.endpoint} AWS_REGION=${REGION} AWS_DEFAULT_REGION=${REGION}
  export AWS_SHARED_CREDENTIALS_FILE=${file}
  aws --profile source sts get-caller-identity
  aws --profile source backup describe-copy-job --copy-job-id ${id}
  aws --profile destination backup list-backup-vaults
  aws --profile source sts assume-role --role-arn ${auditor.arn} --role-session-name me
  npx --no-install copy-doctor diagnose ${id} --profile source --destination-profile destination
  npx --no-install copy-doctor diagnose --last 24h --profile source --destination-profile destination
  npx --no-install copy-doctor incidents --region ${REGION} --account ${world.hub} --profile operator
  npx --no-install copy-doctor drill --stack ${world.stackName} --region ${REGION} --profile source --destination-profile destination

Mails are printed here. Ctrl-C ends it.
`;
  // Deployed, queues are polled and rules tick; here somebody has to.
  let shown = 0;
  let [busy, ticked] = [false, Date.now()];
  const poll = async () => {
    await sandbox.clock.set(new Date(Math.max(Date.now(), sandbox.clock.now().getTime())));
    if (Date.now() - ticked > 60_000) {
      ticked = Date.now();
      await world.tick();
    }
    await world.drain();
    for (const { subject = '', message } of sandbox.published.slice(shown)) {
      show({ subject, body: (JSON.parse(message) as { email: string }).email });
    }
    shown = sandbox.published.length;
  };
  const polling = setInterval(() => {
    if (busy) return;
    busy = true;
    void poll().finally(() => (busy = false));
  }, 500);
  return { text, end: () => clearInterval(polling) };
}
