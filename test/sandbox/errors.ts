/** An error as AWS answers it. Anything else that a handler throws is a fault of the sandbox (HTTP 500). */
export class AwsError extends Error {
  constructor(
    readonly code: string,
    message: string,
    readonly status = 400,
  ) {
    super(message);
    this.name = 'AwsError';
  }
}

/** The sandbox does not know this; better no answer than a wrong one. */
export class NotEmulatedError extends AwsError {
  constructor(what: string) {
    super('NotImplementedException', `not emulated: ${what}`, 501);
    this.name = 'NotEmulatedError';
  }
}
