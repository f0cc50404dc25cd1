"""Error codes that no model holds, as the documentation tells them."""

from __future__ import annotations

# https://docs.aws.amazon.com/awsbackup/latest/APIReference/CommonErrors.html and its like of each service: the errors that
# are not in an operation's model. `rest`, `json`, `query` as botocore names the protocols.
COMMON = {
    "rest-json": {
        "AccessDeniedException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
        "ThrottlingException",
    },
    "json": {
        "AccessDeniedException",
        "UnrecognizedClientException",
        "ExpiredTokenException",
        "ThrottlingException",
        "ValidationException",
    },
    "query": {"AccessDenied", "InvalidClientTokenId", "ExpiredToken", "Throttling", "ValidationError"},
    # https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html: no operation's model names an error.
    "ec2": {
        "UnauthorizedOperation",
        "AuthFailure",
        "RequestExpired",
        "RequestLimitExceeded",
        "InvalidAMIID.NotFound",
        "InvalidSnapshot.NotFound",
    },
}
# SQS speaks JSON and keeps the codes of its Query protocol.
SQS = COMMON["query"] | {"RequestThrottled", "InvalidParameterValue", "MissingParameter"}

INVALID_TOKEN = {
    "rest-json": ("UnrecognizedClientException", 403),
    "json": ("UnrecognizedClientException", 400),
    "query": ("InvalidClientTokenId", 403),
    "ec2": ("AuthFailure", 401),
}
EXPIRED_TOKEN = {
    "rest-json": ("ExpiredTokenException", 403),
    "json": ("ExpiredTokenException", 400),
    "query": ("ExpiredToken", 403),
    "ec2": ("RequestExpired", 400),
}
