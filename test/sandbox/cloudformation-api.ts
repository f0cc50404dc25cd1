import { AwsError } from './errors';
import { str, type Api, type ApiCall } from './api';
import type { Stack } from './model';

const invalid = (message: string) => new AwsError('ValidationError', message);

function stackNamed(call: ApiCall, name: string): Stack {
  const stack = stacksOf(call).find((one) => one.name === name || one.id === name);
  if (!stack) throw invalid(`Stack with id ${name} does not exist`);
  return stack;
}

const stacksOf = ({ sandbox, account, region }: ApiCall) =>
  sandbox.stacks.filter((stack) => stack.account === account && stack.region === region);

const resource = (call: ApiCall) => {
  const name = str(call, 'StackName');
  if (name === undefined) return '*';
  const stack = stacksOf(call).find((one) => one.name === name || one.id === name);
  return stack?.id ?? `arn:aws:cloudformation:${call.region}:${call.account}:stack/${name}/*`;
};

export const cloudformationApi: Api = {
  DescribeStacks: {
    resource,
    handle(call) {
      const name = str(call, 'StackName');
      const stacks = name === undefined ? stacksOf(call) : [stackNamed(call, name)];
      return {
        Stacks: stacks.map((stack) => ({
          StackId: stack.id,
          StackName: stack.name,
          CreationTime: stack.createdAt,
          StackStatus: stack.status,
          Outputs: Object.entries(stack.outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue })),
        })),
      };
    },
  },
  DescribeStackResources: {
    resource,
    handle(call) {
      const name = str(call, 'StackName');
      const physical = str(call, 'PhysicalResourceId');
      const logical = str(call, 'LogicalResourceId');
      if ((name === undefined) === (physical === undefined)) {
        throw invalid('Exactly one of StackName and PhysicalResourceId must be given');
      }
      const holding = stacksOf(call).find((one) => one.resources.some(({ physicalId }) => physicalId === physical));
      const stack = name === undefined ? holding : stackNamed(call, name);
      if (!stack) throw invalid(`Stack for ${String(physical)} does not exist`);
      const resources = stack.resources.filter(({ logicalId }) => logical === undefined || logicalId === logical);
      return {
        StackResources: resources.map(({ logicalId, physicalId, type }) => ({
          StackName: stack.name,
          StackId: stack.id,
          LogicalResourceId: logicalId,
          PhysicalResourceId: physicalId,
          ResourceType: type,
          Timestamp: stack.createdAt,
          ResourceStatus: 'CREATE_COMPLETE',
        })),
      };
    },
  },
};
