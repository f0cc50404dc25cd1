/** CloudFormation's intrinsic functions, for the templates that are written without the CDK. */
export const sub = (text: string) => ({ 'Fn::Sub': text });
export const is = (value: unknown, wanted: string) => ({ 'Fn::Equals': [value, wanted] });
export const not = (condition: unknown) => ({ 'Fn::Not': [condition] });
export const given = (parameter: string) => not(is({ Ref: parameter }, ''));
export const ifElse = (condition: string, yes: unknown, no: unknown) => ({ 'Fn::If': [condition, yes, no] });
export const ifGiven = (condition: string, value: unknown) => ifElse(condition, value, { Ref: 'AWS::NoValue' });
