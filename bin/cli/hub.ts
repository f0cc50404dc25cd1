import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import type { Decision } from '../../lambda/core/incident/incident';
import type { Wanted, WantedBack } from '../../lambda/core/incident/judge-decision';
import { INCIDENT_ID } from '../../lambda/core/incident/proposals';
import type { ShownIncident } from '../../lambda/core/incident/shown';
import { clean } from '../../lambda/core/text/clean';
import { arg } from '../../lambda/core/text/en/policy-words';
import { names } from '../../lib/names';
import { awsError, errorCode } from './aws-errors';
import { CliError, EXIT, type Io } from './io';
import { hubSession, regionOf, type Session } from './sessions';
import { signedFetch, type Answer } from './signed-fetch';

export interface HubOptions {
  readonly region?: string;
  readonly account?: string;
  readonly stack?: string;
  readonly deployment?: string;
  readonly profile?: string;
}

/** Where a deployment is, as the commands that are printed say it. */
export interface HubPlace {
  readonly region: string;
  readonly account: string;
  readonly stackName: string;
  /** The profile that was given for it. */
  readonly profile?: string | undefined;
}

/** A deployment, as a person reaches it. */
export interface Hub extends HubPlace {
  readonly deployment: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Credentials of the hub's account. */
  readonly session: Session;
  incident(id: string): Promise<ShownIncident>;
  decide(id: string, wanted: Wanted): Promise<Put>;
  /** Asks for a rollback to be planned. */
  askBack(id: string, wanted: WantedBack): Promise<Put>;
}

/** A decision or request that stands; `same`: it was there before. */
export interface Put {
  readonly status: 'put' | 'same';
  readonly decision: Decision;
}

/** What the approve function refused, by its code. */
export class DecisionRefusedError extends CliError {
  constructor(
    readonly code: string,
    message: string,
    /** The decision that stands, where another one was made before. */
    readonly decision?: Decision,
  ) {
    super(message, code === 'not-found' ? EXIT.wrongInput : EXIT.notWorking);
  }
}

/** Finds a deployment by the outputs of its stack; takes the approver role first if the caller is of another account. */
export async function openHub(io: Io, options: HubOptions): Promise<Hub> {
  const { profile, account, stack } = options;
  const region = await regionOf(io, { region: options.region, profile });
  const stackName = stack ?? names(options.deployment ?? region).stack;
  const deployment = options.deployment ?? /^copy-doctor-(.+)$/.exec(stackName)?.[1] ?? region;
  const session = await hubSession(io, { region, account, profile, deployment });
  const outputs = await outputsOf(stackName, deployment, session);
  const url = new URL(outputs['ApproveUrl'] ?? '');
  const ask = async (path: string, body?: object) =>
    answered(await signedFetch(new URL(path, url), session, body), outputs);
  const put = async (path: string, body: object): Promise<Put> => {
    const { status, json } = await ask(path, body);
    return { status: status === 201 ? 'put' : 'same', decision: json as Decision };
  };
  return {
    region,
    account: session.account,
    deployment: outputs['Deployment'] ?? deployment,
    stackName,
    profile,
    outputs,
    session,
    incident: async (id) => (await ask(`/incidents/${incidentId(id)}`)).json as ShownIncident,
    decide: (id, wanted) => put(`/incidents/${incidentId(id)}/decision`, wanted),
    askBack: (id, wanted) => put(`/incidents/${incidentId(id)}/rollback`, wanted),
  };
}

/** An incident's id, however it was typed. */
export function incidentId(text: string): string {
  const id = text.trim().toUpperCase();
  if (INCIDENT_ID.test(id)) return id;
  throw new CliError(
    `"${clean(text, 40)}" is not an incident's id: it has 16 letters and digits as K3QZ7MPA2X2VB4TC and stands in the mail; \`npx --no-install copy-doctor incidents\` lists them`,
  );
}

/** A command for the same deployment, as mails print it, with the profile that this one was given. */
export function commandFor({ region, account, stackName, profile }: HubPlace, command: string, more = ''): string {
  const stack = stackName === names(region).stack ? '' : ` --stack ${stackName}`;
  const as = profile === undefined ? '' : ` --profile ${arg(profile)}`;
  return `npx --no-install copy-doctor ${command} --region ${region} --account ${account}${stack}${as}${more && ` ${more}`}`;
}

const NEEDED = ['Deployment', 'TableName', 'ApproveUrl'] as const;

async function outputsOf(name: string, deployment: string, session: Session): Promise<Record<string, string>> {
  const { region, account, credentials } = session;
  const where = `stack ${name} in account ${account}, Region ${region}`;
  let outputs: Record<string, string>;
  try {
    const client = new CloudFormationClient({ region, credentials });
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
    const list = Stacks?.[0]?.Outputs ?? [];
    outputs = Object.fromEntries(list.map(({ OutputKey = '', OutputValue = '' }) => [OutputKey, OutputValue]));
  } catch (error) {
    throw notDescribed(where, deployment, error);
  }
  const missing = NEEDED.find((key) => !outputs[key]);
  if (missing === undefined && URL.canParse(outputs['ApproveUrl'] ?? '')) return outputs;
  throw new CliError(
    `${where} has no output ${missing ?? 'ApproveUrl'}: it is of an older Copy Doctor, so deploy it again; or it is no Copy Doctor, so name another with --stack`,
  );
}

function notDescribed(where: string, deployment: string, error: unknown): CliError {
  const code = errorCode(error);
  if (code === 'ValidationError') {
    const next = 'check --region, --account, --stack and --profile, or deploy it';
    return new CliError(`there is no ${where}: ${next}`, EXIT.wrongInput, { cause: error });
  }
  if (!/^AccessDenied/.test(code)) return awsError(`cloudformation:DescribeStacks of ${where}`, error);
  const { operator, approver } = names(deployment);
  return new CliError(
    `you may not look at ${where}: attach the managed policy ${operator} or take the role ${approver}, then run it again; or check --region and --stack`,
    EXIT.notWorking,
    { cause: error },
  );
}

/** What is no success, in one line that says what to do. */
function answered(answer: Answer, outputs: Readonly<Record<string, string>>): Answer {
  const { status, json, text } = answer;
  const { error, message, decision } = (json ?? {}) as { error?: unknown; message?: unknown; decision?: Decision };
  if (status === 200 || status === 201) {
    if (typeof json === 'object' && json !== null) return answer;
    throw new CliError('the approve function answered something that is not JSON: deploy it again', EXIT.notWorking);
  }
  if (typeof error === 'string' && typeof message === 'string') {
    throw new DecisionRefusedError(clean(error, 40), clean(message, 1000), decision);
  }
  // Lambda itself: the function was not reached.
  const said = clean(lambdaMessage(json) ?? text, 300) || 'nothing more';
  if (status === 403) {
    const { operator, approver } = names(outputs['Deployment'] ?? '');
    throw new CliError(
      `you may not call the approve function (AWS: ${said}): that needs lambda:InvokeFunctionUrl and lambda:InvokeFunction; ` +
        `attach the managed policy ${operator} or take the role ${approver}; with new or old credentials also check your computer's clock`,
      EXIT.notWorking,
    );
  }
  const next = status === 429 ? 'wait a minute and run it again' : 'run it again; a decision counts once';
  throw new CliError(`the approve function answered ${status} (AWS: ${said}): ${next}`, EXIT.notWorking);
}

function lambdaMessage(json: unknown): string | undefined {
  const { Message, message } = (json ?? {}) as { Message?: unknown; message?: unknown };
  return [Message, message].find((one) => typeof one === 'string') as string | undefined;
}
