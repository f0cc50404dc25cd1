"""The table of incidents, and what is in it."""

from __future__ import annotations

from typing import Any

from .case import Bad, Case, Cases, Good, Json, Pages, World

ITEMS = 25


def item(n: int) -> Json:
    return {
        "pk": {"S": "page"},
        "sk": {"S": f"{n:04}"},
        "due": {"S": "due"},
        "at": {"S": f"{n:04}"},
        "n": {"N": str(n)},
    }


def seed(client: Any) -> None:
    for n in range(ITEMS):
        client.put_item(TableName="incidents", Item=item(n))
    for sk in ("update", "get"):
        client.put_item(TableName="incidents", Item={"pk": {"S": "one"}, "sk": {"S": sk}, "n": {"N": "1"}})


def table(w: World) -> Cases:
    table = {"TableName": "incidents"}
    other = {"TableName": "no-such-table"}
    get = {"pk": {"S": "one"}, "sk": {"S": "get"}}
    page = {"KeyConditionExpression": "pk = :pk", "ExpressionAttributeValues": {":pk": {"S": "page"}}}
    due = {
        "IndexName": "due",
        "KeyConditionExpression": "due = :due",
        "ExpressionAttributeValues": {":due": {"S": "due"}},
    }
    update = {
        "Key": {"pk": {"S": "one"}, "sk": {"S": "update"}},
        "UpdateExpression": "SET n = :n",
        "ExpressionAttributeValues": {":n": {"N": "2"}},
        "ReturnValues": "ALL_NEW",
    }
    never = {"ConditionExpression": "attribute_exists(no_such_attribute)"}
    return {
        "dynamodb:GetItem": Case(
            [
                Good({**table, "Key": get, "ConsistentRead": True}, lambda r: r["Item"]["n"] == {"N": "1"}),
                Good({**table, "Key": {"pk": {"S": "no"}, "sk": {"S": "no"}}}, lambda r: "Item" not in r),
            ],
            [
                Bad("ResourceNotFoundException", {**other, "Key": get}),
                Bad("ValidationException", {**table, "Key": {"pk": {"S": "one"}}}),
            ],
        ),
        "dynamodb:BatchGetItem": Case(
            [
                Good(
                    {"RequestItems": {"incidents": {"Keys": [get], "ConsistentRead": True}}},
                    lambda r: len(r["Responses"]["incidents"]) == 1,
                )
            ],
            [
                Bad("ResourceNotFoundException", {"RequestItems": {"no-such-table": {"Keys": [get]}}}),
                Bad("ValidationException", {"RequestItems": {"incidents": {"Keys": [get, get]}}}),
            ],
        ),
        "dynamodb:PutItem": Case(
            [Good({**table, "Item": item(0)}, lambda r: True)],
            [
                Bad("ResourceNotFoundException", {**other, "Item": item(0)}),
                Bad(
                    "ConditionalCheckFailedException",
                    {**table, "Item": item(0), "ConditionExpression": "attribute_not_exists(pk)"},
                ),
                Bad("ValidationException", {**table, "Item": {**item(0), "due": {"S": ""}}}),
            ],
        ),
        "dynamodb:UpdateItem": Case(
            [Good({**table, **update}, lambda r: r["Attributes"]["n"] == {"N": "2"})],
            [
                Bad("ResourceNotFoundException", {**other, **update}),
                Bad("ConditionalCheckFailedException", {**table, **update, **never}),
                Bad("ValidationException", {**table, **update, "UpdateExpression": "SET"}),
            ],
        ),
        "dynamodb:DeleteItem": Case(
            [Good({**table, "Key": {"pk": {"S": "one"}, "sk": {"S": "gone"}}}, lambda r: True)],
            [
                Bad("ResourceNotFoundException", {**other, "Key": get}),
                Bad("ConditionalCheckFailedException", {**table, "Key": get, **never}),
            ],
        ),
        "dynamodb:Query": Case(
            [
                Good({**table, **page}, lambda r: r["Count"] == ITEMS and "LastEvaluatedKey" not in r),
                Good(
                    {**table, **due, "ScanIndexForward": False, "Limit": 3},
                    lambda r: r["Items"][0]["n"] == {"N": str(ITEMS - 1)},
                ),
            ],
            [
                Bad("ResourceNotFoundException", {**other, **page}),
                Bad("ValidationException", {**table, **page, "KeyConditionExpression": "n = :pk"}),
            ],
            Pages({**table, **page}, "Items", ITEMS, 7),
        ),
        "dynamodb:Scan": Case(
            [Good({**table}, lambda r: r["Count"] == ITEMS + 2)],
            [Bad("ResourceNotFoundException", other)],
            Pages(table, "Items", ITEMS + 2, 7),
        ),
    }
