using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace IotOps.Detect.Storing;

/// <summary>The calls to the table; what DynamoDB refuses for good is an <see cref="IOException"/> that names the table.</summary>
internal sealed class DynamoTable(IAmazonDynamoDB dynamo, string name)
{
    public const int MaxWrites = 25;

    // DynamoDB gives back what it had no capacity for; a table that does so this often in a row is too small.
    private const int MaxRounds = 12;

    public async Task CreateAsync(CancellationToken cancellationToken)
    {
        await SendAsync(async () =>
        {
            try
            {
                await dynamo.CreateTableAsync(Definition(), cancellationToken).ConfigureAwait(false);
            }
            catch (ResourceInUseException)
            {
                // It exists, or is being made by another worker.
            }

            while ((await dynamo.DescribeTableAsync(name, cancellationToken).ConfigureAwait(false)).Table.TableStatus != TableStatus.ACTIVE)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), TimeProvider.System, cancellationToken).ConfigureAwait(false);
            }

            return true;
        }).ConfigureAwait(false);
    }

    public async Task<List<Dictionary<string, AttributeValue>>> GetAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        List<Dictionary<string, AttributeValue>> items = [];
        Dictionary<string, KeysAndAttributes> wanted = new(StringComparer.Ordinal)
        {
            [name] = new KeysAndAttributes { ConsistentRead = true, Keys = [.. keys.Select(Key)] },
        };
        for (int round = 0; wanted.Count > 0; round++)
        {
            await PauseAsync(round, cancellationToken).ConfigureAwait(false);
            BatchGetItemResponse answer = await SendAsync(() => dynamo.BatchGetItemAsync(new BatchGetItemRequest { RequestItems = wanted }, cancellationToken)).ConfigureAwait(false);
            items.AddRange(answer.Responses?.GetValueOrDefault(name) ?? []);
            wanted = answer.UnprocessedKeys ?? [];
        }

        return items;
    }

    public async Task<bool> TryPutAsync(Put put, CancellationToken cancellationToken) => await SendAsync(async () =>
    {
        try
        {
            await dynamo.PutItemAsync(
                new PutItemRequest
                {
                    TableName = put.TableName,
                    Item = put.Item,
                    ConditionExpression = put.ConditionExpression,
                    ExpressionAttributeValues = put.ExpressionAttributeValues,
                },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (ConditionalCheckFailedException)
        {
            return false;
        }
    }).ConfigureAwait(false);

    public async Task<bool> TryTransactAsync(Put first, IReadOnlyList<Put> others, CancellationToken cancellationToken) => await SendAsync(async () =>
    {
        try
        {
            await dynamo.TransactWriteItemsAsync(
                new TransactWriteItemsRequest { TransactItems = [new TransactWriteItem { Put = first }, .. others.Select(put => new TransactWriteItem { Put = put })] },
                cancellationToken).ConfigureAwait(false);
            return true;
        }
        catch (TransactionCanceledException e) when (e.CancellationReasons?.Exists(reason => reason.Code is "ConditionalCheckFailed" or "TransactionConflict") == true)
        {
            // Another worker has written the record, or is writing it now.
            return false;
        }
    }).ConfigureAwait(false);

    /// <summary>The alarm as it is now, claimed; null when another worker has it, or it is gone.</summary>
    public async Task<Dictionary<string, AttributeValue>?> TryClaimAsync(Dictionary<string, AttributeValue> found, DateTimeOffset claimedUntil, CancellationToken cancellationToken) =>
        await SendAsync(async () =>
        {
            try
            {
                UpdateItemResponse answer = await dynamo.UpdateItemAsync(
                    new UpdateItemRequest
                    {
                        TableName = name,
                        Key = new(StringComparer.Ordinal) { ["pk"] = found["pk"] },
                        UpdateExpression = "SET #at = :until",
                        ConditionExpression = "#at = :seen",
                        ExpressionAttributeNames = new(StringComparer.Ordinal) { ["#at"] = "at" },
                        ExpressionAttributeValues = new(StringComparer.Ordinal) { [":until"] = DynamoItem.Number(claimedUntil.ToUnixTimeMilliseconds()), [":seen"] = found["at"] },
                        ReturnValues = ReturnValue.ALL_NEW,
                    },
                    cancellationToken).ConfigureAwait(false);
                return answer.Attributes;
            }
            catch (ConditionalCheckFailedException)
            {
                return null;
            }
        }).ConfigureAwait(false);

    public async Task DeleteAsync(IReadOnlyList<string> keys, CancellationToken cancellationToken)
    {
        Dictionary<string, List<WriteRequest>> wanted = new(StringComparer.Ordinal)
        {
            [name] = [.. keys.Select(key => new WriteRequest { DeleteRequest = new DeleteRequest { Key = Key(key) } })],
        };
        for (int round = 0; wanted.Count > 0; round++)
        {
            await PauseAsync(round, cancellationToken).ConfigureAwait(false);
            BatchWriteItemResponse answer =
                await SendAsync(() => dynamo.BatchWriteItemAsync(new BatchWriteItemRequest { RequestItems = wanted }, cancellationToken)).ConfigureAwait(false);
            wanted = answer.UnprocessedItems ?? [];
        }
    }

    public async Task<List<Dictionary<string, AttributeValue>>> QueryAsync(string shard, long until, int limit, CancellationToken cancellationToken)
    {
        List<Dictionary<string, AttributeValue>> items = [];
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            QueryResponse answer = await SendAsync(
                () => dynamo.QueryAsync(
                    new QueryRequest
                    {
                        TableName = name,
                        IndexName = DynamoItem.Index,
                        KeyConditionExpression = "shard = :shard AND #at <= :until",
                        ExpressionAttributeNames = new(StringComparer.Ordinal) { ["#at"] = "at" },
                        ExpressionAttributeValues = new(StringComparer.Ordinal) { [":shard"] = new AttributeValue(shard), [":until"] = DynamoItem.Number(until) },
                        Limit = limit - items.Count,
                        ExclusiveStartKey = start,
                    },
                    cancellationToken)).ConfigureAwait(false);
            items.AddRange(answer.Items ?? []);
            start = answer.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (start is not null && items.Count < limit);
        return items;
    }

    public async IAsyncEnumerable<Dictionary<string, AttributeValue>> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Dictionary<string, AttributeValue>? start = null;
        do
        {
            ScanResponse answer = await SendAsync(
                () => dynamo.ScanAsync(new ScanRequest { TableName = name, ConsistentRead = true, ExclusiveStartKey = start }, cancellationToken)).ConfigureAwait(false);
            foreach (Dictionary<string, AttributeValue> item in answer.Items ?? [])
            {
                yield return item;
            }

            start = answer.LastEvaluatedKey is { Count: > 0 } last ? last : null;
        }
        while (start is not null);
    }

    private static Dictionary<string, AttributeValue> Key(string key) => new(StringComparer.Ordinal) { ["pk"] = new AttributeValue(key) };

    private CreateTableRequest Definition() => new()
    {
        TableName = name,
        BillingMode = BillingMode.PAY_PER_REQUEST,
        AttributeDefinitions = [new("pk", ScalarAttributeType.S), new("shard", ScalarAttributeType.S), new("at", ScalarAttributeType.N)],
        KeySchema = [new("pk", KeyType.HASH)],
        GlobalSecondaryIndexes =
        [
            new GlobalSecondaryIndex
            {
                // Keys only: a thing's state would be written twice, and paid twice, with each change.
                IndexName = DynamoItem.Index,
                KeySchema = [new("shard", KeyType.HASH), new("at", KeyType.RANGE)],
                Projection = new Projection { ProjectionType = ProjectionType.KEYS_ONLY },
            },
        ],
    };

    private async Task PauseAsync(int round, CancellationToken cancellationToken)
    {
        if (round == MaxRounds)
        {
            throw new IOException($"The DynamoDB table {name} gave back requests {MaxRounds} times in a row: it has too little capacity.");
        }

        if (round > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(5_000, 50 << round)), TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task<T> SendAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (Exception e) when (e is AmazonServiceException or AmazonClientException or HttpRequestException)
        {
            throw new IOException($"The DynamoDB table {name} cannot be used: {e.Message}", e);
        }
    }
}
