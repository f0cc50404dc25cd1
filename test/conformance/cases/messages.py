"""Topics and queues."""

from __future__ import annotations

import json

from .case import QUERY, Bad, Case, Cases, Good, Pages, World


def messages(w: World) -> Cases:
    attributes = {"kind": {"DataType": "String", "StringValue": "mail"}}
    entries = [{"Id": str(n), "MessageBody": f"{n} ä<&>"} for n in range(10)]
    missing = w["topic"] + "-2"
    return {
        "sns:Publish": Case(
            [
                Good(
                    {"TopicArn": w["topic"], "Subject": "Copies", "Message": "ä<&>", "MessageAttributes": attributes},
                    lambda r: len(r["MessageId"]) == 36,
                ),
                Good(
                    {
                        "TopicArn": w["topic"],
                        "MessageStructure": "json",
                        "Message": json.dumps({"default": "x", "email": "y"}),
                    },
                    lambda r: len(r["MessageId"]) == 36,
                ),
            ],
            [
                Bad("NotFound", {"TopicArn": missing, "Message": "x"}, status=404),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "x", "Subject": "x" * 101}),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "x" * 262_145}, says="Message too long"),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "Message": "no json", "MessageStructure": "json"}),
                Bad("KMSAccessDenied", {"TopicArn": w["encryptedTopic"], "Message": "x"}, who="sender"),
            ],
            refused=("AuthorizationError", 403),
        ),
        "sns:ListSubscriptionsByTopic": Case(
            [Good({"TopicArn": w["topic"]}, lambda r: len(r["Subscriptions"]) == 100 and r["NextToken"] != "")],
            [
                Bad("NotFound", {"TopicArn": missing}, status=404),
                Bad("InvalidParameter", {"TopicArn": w["topic"], "NextToken": "of nobody"}),
            ],
            Pages({"TopicArn": w["topic"]}, "Subscriptions", 230, None, fixed=100),
            refused=("AuthorizationError", 403),
        ),
        "sqs:SendMessage": Case(
            [
                Good(
                    {"QueueUrl": w["queue"], "MessageBody": "ä<&>", "DelaySeconds": 5},
                    lambda r: len(r["MD5OfMessageBody"]) == 32,
                )
            ],
            [
                Bad("AWS.SimpleQueueService.NonExistentQueue", {"QueueUrl": w["queue"] + "-2", "MessageBody": "x"}),
                Bad("InvalidParameterValue", {"QueueUrl": w["queue"], "MessageBody": "x", "DelaySeconds": 901}),
                Bad("KMS.AccessDeniedException", {"QueueUrl": w["encryptedQueue"], "MessageBody": "x"}, who="sender"),
            ],
            refused=QUERY,
        ),
        "sqs:SendMessageBatch": Case(
            [Good({"QueueUrl": w["queue"], "Entries": entries}, lambda r: len(r["Successful"]) == 10)],
            [
                Bad("AWS.SimpleQueueService.EmptyBatchRequest", {"QueueUrl": w["queue"], "Entries": []}),
                Bad(
                    "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
                    {"QueueUrl": w["queue"], "Entries": [*entries, {"Id": "x", "MessageBody": "x"}]},
                ),
                Bad(
                    "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
                    {"QueueUrl": w["queue"], "Entries": [entries[0], entries[0]]},
                ),
                Bad(
                    "AWS.SimpleQueueService.BatchRequestTooLong",
                    {"QueueUrl": w["queue"], "Entries": [{"Id": n, "MessageBody": "x" * 600_000} for n in "ab"]},
                ),
                Bad("AWS.SimpleQueueService.NonExistentQueue", {"QueueUrl": w["queue"] + "-2", "Entries": entries}),
            ],
            refused=QUERY,
        ),
    }
