/**
 * Why an answer may be "cannot tell" although everything is known of the request: AWS does not write down what such a
 * policy means, or writes two things. Anything else that our evaluator cannot tell of a full request is a failure.
 */
export const UNSETTLED: readonly (readonly [name: string, reason: RegExp])[] = [
  ['value that is none of its operator', /^value ".*" of (a|an|operator) /s],
  ['several values without a set operator', /^several values of condition key /],
  ['ForAnyValue with IfExists, key absent', /^operator ForAnyValue:\w+IfExists without /],
  ['Null on an empty value', /^operator Null on an empty value$/],
  ['variable of several or no values, or of odd syntax', /^policy variable /],
  ['resource with a wildcard where none is described', /^resource /],
  ['principal whose form differs: a role, its session, another name of a service, a pattern', /^principal /],
  ['NotPrincipal that lists a part, or allows', /^NotPrincipal for /],
];
