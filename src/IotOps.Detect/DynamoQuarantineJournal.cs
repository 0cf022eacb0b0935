using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using Amazon.Runtime;

namespace IotOps.Detect;

/// <summary>
/// The journal of quarantines in a DynamoDB table, for several processes: an entry is written by a condition that it is not there, and the first
/// one in a transaction with the count of the hour. The table's keys are <c>violationId</c> (text, partition) and <c>sequence</c> (number, sort).
/// Needs <c>dynamodb:Query, GetItem, PutItem, Scan</c>, and <c>DescribeTable, CreateTable</c> for <see cref="CreateTableAsync"/>. Thread-safe.
/// </summary>
public sealed class DynamoQuarantineJournal : IQuarantineJournal
{
    private const string Partition = "violationId";
    private const string Sort = "sequence";
    private const string Content = "entry";
    private const string Writer = "writer";
    private const string Version = "version";
    private const string Times = "times";
    private const int MaxRounds = 10;

    // No violation id begins with '#'.
    private const string StartsKey = "#starts";

    private readonly IAmazonDynamoDB _dynamo;
    private readonly string _table;

    /// <param name="dynamo">The client; stays the caller's.</param>
    /// <param name="table">The table's name.</param>
    public DynamoQuarantineJournal(IAmazonDynamoDB dynamo, string table)
    {
        ArgumentNullException.ThrowIfNull(dynamo);
        ArgumentException.ThrowIfNullOrEmpty(table);
        _dynamo = dynamo;
        _table = table;
    }

    /// <summary>Makes the table, paid by request, and waits until it can be used; one that exists is left as it is.</summary>
    /// <param name="timeProvider">Clock of the wait; null is the machine's.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached.</exception>
    public Task CreateTableAsync(TimeProvider? timeProvider = null, CancellationToken cancellationToken = default) => SendAsync(async () =>
    {
        try
        {
            await _dynamo.CreateTableAsync(
                new CreateTableRequest
                {
                    TableName = _table,
                    BillingMode = BillingMode.PAY_PER_REQUEST,
                    AttributeDefinitions = [new AttributeDefinition(Partition, ScalarAttributeType.S), new AttributeDefinition(Sort, ScalarAttributeType.N)],
                    KeySchema = [new KeySchemaElement(Partition, KeyType.HASH), new KeySchemaElement(Sort, KeyType.RANGE)],
                },
                cancellationToken).ConfigureAwait(false);
        }
        catch (ResourceInUseException)
        {
            // It exists, or is being made.
        }

        while ((await _dynamo.DescribeTableAsync(_table, cancellationToken).ConfigureAwait(false)).Table.TableStatus != TableStatus.ACTIVE)
        {
            await Task.Delay(TimeSpan.FromSeconds(1), timeProvider ?? TimeProvider.System, cancellationToken).ConfigureAwait(false);
        }

        return true;
    });

    /// <inheritdoc/>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached; or an entry cannot be read.</exception>
    public async Task<IReadOnlyList<QuarantineEntry>> ReadAsync(string violationId, CancellationToken cancellationToken = default)
    {
        ArgumentException.ThrowIfNullOrEmpty(violationId);
        List<QuarantineEntry> entries = [];
        Dictionary<string, AttributeValue>? next = null;
        do
        {
            QueryResponse answer = await SendAsync(() => _dynamo.QueryAsync(
                new QueryRequest
                {
                    TableName = _table,
                    ConsistentRead = true,
                    KeyConditionExpression = $"{Partition} = :id",
                    ExpressionAttributeValues = new(StringComparer.Ordinal) { [":id"] = new AttributeValue(violationId) },
                    ExclusiveStartKey = next,
                },
                cancellationToken)).ConfigureAwait(false);
            entries.AddRange((answer.Items ?? []).Select(Read));
            next = answer.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        }
        while (next is not null);
        return entries;
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached.</exception>
    public async Task<QuarantineStart> StartAsync(QuarantineEntry entry, DateTimeOffset since, int limit, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        ArgumentOutOfRangeException.ThrowIfLessThan(limit, 1);
        for (int round = 0; round < MaxRounds; round++)
        {
            (long version, long[] times) = await StartsAsync(cancellationToken).ConfigureAwait(false);
            long[] counted = [.. times.Where(time => time > since.ToUnixTimeMilliseconds())];
            bool isFull = counted.Length >= limit;
            if ((await ReadAsync(entry.ViolationId, cancellationToken).ConfigureAwait(false)).Count > 0)
            {
                return QuarantineStart.Exists;
            }

            if (isFull)
            {
                return QuarantineStart.LimitReached;
            }

            if (await TryStartAsync(entry, version, [.. counted, entry.Time.ToUnixTimeMilliseconds()], cancellationToken).ConfigureAwait(false))
            {
                return QuarantineStart.Written;
            }
        }

        throw new IOException($"The count of quarantines in the table '{_table}' changed {MaxRounds} times while one was to begin. Try again.");
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached.</exception>
    public Task<bool> AppendAsync(QuarantineEntry entry, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entry);
        Put put = Entry(entry);
        return SendAsync(async () =>
        {
            try
            {
                await _dynamo.PutItemAsync(
                    new PutItemRequest { TableName = put.TableName, Item = put.Item, ConditionExpression = put.ConditionExpression }, cancellationToken).ConfigureAwait(false);
                return true;
            }
            catch (ConditionalCheckFailedException)
            {
                // The SDK sends a request again whose answer was lost: the entry that is there may be this call's.
                GetItemResponse there = await _dynamo.GetItemAsync(
                    new GetItemRequest
                    {
                        TableName = _table,
                        ConsistentRead = true,
                        Key = new(StringComparer.Ordinal) { [Partition] = put.Item[Partition], [Sort] = put.Item[Sort] },
                    },
                    cancellationToken).ConfigureAwait(false);
                return there.Item?.GetValueOrDefault(Writer)?.S == put.Item[Writer].S;
            }
        });
    }

    /// <inheritdoc/>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached.</exception>
    public async IAsyncEnumerable<string> ListAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        Dictionary<string, AttributeValue>? next = null;
        do
        {
            ScanResponse answer = await SendAsync(() => _dynamo.ScanAsync(
                new ScanRequest
                {
                    TableName = _table,
                    ConsistentRead = true,
                    FilterExpression = $"#{Sort} = :first",
                    ProjectionExpression = Partition,
                    ExpressionAttributeNames = new(StringComparer.Ordinal) { [$"#{Sort}"] = Sort },
                    ExpressionAttributeValues = new(StringComparer.Ordinal) { [":first"] = Number(1) },
                    ExclusiveStartKey = next,
                },
                cancellationToken)).ConfigureAwait(false);
            foreach (Dictionary<string, AttributeValue> item in answer.Items ?? [])
            {
                yield return item[Partition].S;
            }

            next = answer.LastEvaluatedKey is { Count: > 0 } key ? key : null;
        }
        while (next is not null);
    }

    /// <summary>The client stays the caller's: there is nothing to let go of.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<(long Version, long[] Times)> StartsAsync(CancellationToken stop)
    {
        QueryResponse answer = await SendAsync(() => _dynamo.QueryAsync(
            new QueryRequest
            {
                TableName = _table,
                ConsistentRead = true,
                KeyConditionExpression = $"{Partition} = :id",
                ExpressionAttributeValues = new(StringComparer.Ordinal) { [":id"] = new AttributeValue(StartsKey) },
            },
            stop)).ConfigureAwait(false);
        return answer.Items is [{ } item, ..]
            ? (long.Parse(item[Version].N, CultureInfo.InvariantCulture), [.. item[Times].L.Select(time => long.Parse(time.N, CultureInfo.InvariantCulture))])
            : (0, []);
    }

    private Task<bool> TryStartAsync(QuarantineEntry entry, long version, long[] times, CancellationToken stop) => SendAsync(async () =>
    {
        var starts = new Put
        {
            TableName = _table,
            Item = new(StringComparer.Ordinal)
            {
                [Partition] = new AttributeValue(StartsKey),
                [Sort] = Number(0),
                [Version] = Number(version + 1),
                [Times] = new AttributeValue { L = [.. times.Select(Number)] },
            },
            ConditionExpression = version == 0 ? $"attribute_not_exists({Partition})" : $"#{Version} = :seen",
            ExpressionAttributeNames = version == 0 ? null : new(StringComparer.Ordinal) { [$"#{Version}"] = Version },
            ExpressionAttributeValues = version == 0 ? null : new(StringComparer.Ordinal) { [":seen"] = Number(version) },
        };
        try
        {
            await _dynamo.TransactWriteItemsAsync(
                new TransactWriteItemsRequest { TransactItems = [new TransactWriteItem { Put = Entry(entry) }, new TransactWriteItem { Put = starts }] }, stop).ConfigureAwait(false);
            return true;
        }
        catch (TransactionCanceledException e) when (e.CancellationReasons?.Exists(reason => reason.Code is "ConditionalCheckFailed" or "TransactionConflict") == true)
        {
            return false;
        }
    });

    private Put Entry(QuarantineEntry entry) => new()
    {
        TableName = _table,
        Item = new(StringComparer.Ordinal)
        {
            [Partition] = new AttributeValue(entry.ViolationId),
            [Sort] = Number(entry.Sequence),
            [Writer] = new AttributeValue(Guid.NewGuid().ToString("N")),
            [Content] = new AttributeValue(Encoding.UTF8.GetString(entry.ToUtf8Json())),
        },
        ConditionExpression = $"attribute_not_exists({Partition})",
    };

    private QuarantineEntry Read(Dictionary<string, AttributeValue> item)
    {
        try
        {
            return QuarantineEntry.Parse(Encoding.UTF8.GetBytes(item[Content].S));
        }
        catch (Exception e) when (e is FormatException or KeyNotFoundException or ArgumentNullException)
        {
            throw new IOException($"An entry of the table '{_table}' cannot be read: {e.Message}", e);
        }
    }

    private async Task<T> SendAsync<T>(Func<Task<T>> send)
    {
        try
        {
            return await send().ConfigureAwait(false);
        }
        catch (AmazonServiceException e)
        {
            throw new IOException($"DynamoDB refused a call for the table '{_table}': {e.ErrorCode}: {e.Message}", e);
        }
        catch (Exception e) when (e is AmazonClientException or HttpRequestException)
        {
            throw new IOException($"DynamoDB could not be reached for the table '{_table}': {e.Message}", e);
        }
    }

    private static AttributeValue Number(long value) => new() { N = value.ToString(CultureInfo.InvariantCulture) };
}
