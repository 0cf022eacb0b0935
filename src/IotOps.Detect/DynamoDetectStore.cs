using System.Runtime.CompilerServices;
using Amazon.DynamoDBv2;
using Amazon.DynamoDBv2.Model;
using IotOps.Detect.Storing;

namespace IotOps.Detect;

/// <summary>
/// Detection's memory in one DynamoDB table, for several workers. Reads of records are strongly consistent; a change is written over the version
/// that it was made from, in one transaction with its alarms. The index that names due things and alarms without an owner is eventually
/// consistent: a thing may be named late or twice, which the version makes harmless. Needs <c>dynamodb:BatchGetItem, GetItem, PutItem, UpdateItem,
/// DeleteItem, BatchWriteItem, Query, Scan</c> on the table and its index. Thread-safe.
/// See https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis.html.
/// </summary>
public sealed class DynamoDetectStore : IDetectStore
{
    private const int KeysPerRead = 100;

    private readonly DynamoTable _table;
    private readonly DynamoDetectStoreOptions _options;

    /// <param name="dynamo">The client; stays the caller's.</param>
    /// <param name="options">The table.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public DynamoDetectStore(IAmazonDynamoDB dynamo, DynamoDetectStoreOptions options)
    {
        ArgumentNullException.ThrowIfNull(dynamo);
        ArgumentNullException.ThrowIfNull(options);
        if (options.Parallelism is < 1 or > 256)
        {
            throw new ArgumentException($"{nameof(options.Parallelism)} is 1 to 256, not {options.Parallelism}.", nameof(options));
        }

        _options = options;
        _table = new DynamoTable(dynamo, options.Table);
    }

    /// <summary>Makes the table, paid by request, and waits until it can be used; one that exists is left as it is.</summary>
    /// <exception cref="IOException">DynamoDB refused, or could not be reached.</exception>
    public Task CreateTableAsync(CancellationToken cancellationToken = default) => _table.CreateAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<IReadOnlyList<DetectRecord>> ReadAsync(IReadOnlyCollection<string> things, CancellationToken cancellationToken = default)
    {
        var pages = new List<DetectRecord>[(things.Count + KeysPerRead - 1) / KeysPerRead];
        string[][] chunks = [.. things.Distinct(StringComparer.Ordinal).Chunk(KeysPerRead)];
        await Parallel.ForEachAsync(Enumerable.Range(0, chunks.Length), Limit(cancellationToken), async (i, stop) =>
        {
            List<Dictionary<string, AttributeValue>> items = await _table.GetAsync([.. chunks[i].Select(DynamoItem.ThingKey)], stop).ConfigureAwait(false);
            pages[i] = [.. items.Select(DynamoItem.Record)];
        }).ConfigureAwait(false);
        return [.. pages.Where(page => page is not null).SelectMany(page => page)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> CommitAsync(IReadOnlyList<DetectChange> changes, CancellationToken cancellationToken = default)
    {
        StoreLimits.Check(changes);
        bool[] refused = new bool[changes.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, changes.Count), Limit(cancellationToken), async (i, stop) =>
        {
            refused[i] = !await TryCommitAsync(changes[i], stop).ConfigureAwait(false);
        }).ConfigureAwait(false);
        return [.. changes.Where((_, i) => refused[i]).Select(change => change.Thing)];
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<string>> ReadDueAsync(DateTimeOffset until, int limit, CancellationToken cancellationToken = default)
    {
        List<Dictionary<string, AttributeValue>> items = await QueryAsync(DynamoItem.DueShards, until, limit, cancellationToken).ConfigureAwait(false);
        return [.. items.Select(DynamoItem.ThingOf)];
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<DetectRecord> ScanAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (Dictionary<string, AttributeValue> item in _table.ScanAsync(cancellationToken).ConfigureAwait(false))
        {
            if (DynamoItem.IsThing(item))
            {
                yield return DynamoItem.Record(item);
            }
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<StoredAlarm>> ClaimAlarmsAsync(
        DateTimeOffset now, DateTimeOffset claimedUntil, int limit, CancellationToken cancellationToken = default)
    {
        List<Dictionary<string, AttributeValue>> found = await QueryAsync(DynamoItem.AlarmShards, now, limit, cancellationToken).ConfigureAwait(false);
        var claimed = new StoredAlarm?[found.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, found.Count), Limit(cancellationToken), async (i, stop) =>
        {
            // The index may be behind: the condition on the item itself decides who has it.
            claimed[i] = await _table.TryClaimAsync(found[i], claimedUntil, stop).ConfigureAwait(false) is { } item ? DynamoItem.Alarm(item) : null;
        }).ConfigureAwait(false);
        return [.. claimed.OfType<StoredAlarm>().OrderBy(alarm => alarm.Time).ThenBy(alarm => alarm.Id, StringComparer.Ordinal)];
    }

    /// <inheritdoc/>
    public async Task RemoveAlarmsAsync(IReadOnlyCollection<string> ids, CancellationToken cancellationToken = default) =>
        await Parallel.ForEachAsync(
            ids.Chunk(DynamoTable.MaxWrites), Limit(cancellationToken), async (chunk, stop) => await _table.DeleteAsync([.. chunk.Select(DynamoItem.AlarmKey)], stop).ConfigureAwait(false))
            .ConfigureAwait(false);

    /// <inheritdoc/>
    public async Task<DetectDocument?> ReadDocumentAsync(string name, CancellationToken cancellationToken = default)
    {
        List<Dictionary<string, AttributeValue>> items = await _table.GetAsync([DynamoItem.DocumentKey(name)], cancellationToken).ConfigureAwait(false);
        return items.Count == 0 ? null : DynamoItem.Document(name, items[0]);
    }

    /// <inheritdoc/>
    public Task<bool> WriteDocumentAsync(DetectDocument document, CancellationToken cancellationToken = default)
    {
        StoreLimits.Check(document);
        return _table.TryPutAsync(DynamoItem.Put(_options.Table, document), cancellationToken);
    }

    /// <summary>Does nothing: the client is the caller's.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<bool> TryCommitAsync(DetectChange change, CancellationToken cancellationToken)
    {
        Put record = DynamoItem.Put(_options.Table, change);
        return change.Alarms.Count == 0
            ? await _table.TryPutAsync(record, cancellationToken).ConfigureAwait(false)
            : await _table.TryTransactAsync(record, [.. change.Alarms.Select(alarm => DynamoItem.Put(_options.Table, alarm))], cancellationToken).ConfigureAwait(false);
    }

    private ParallelOptions Limit(CancellationToken cancellationToken) => new() { MaxDegreeOfParallelism = _options.Parallelism, CancellationToken = cancellationToken };

    private async Task<List<Dictionary<string, AttributeValue>>> QueryAsync(
        IReadOnlyList<string> shards, DateTimeOffset until, int limit, CancellationToken cancellationToken)
    {
        var pages = new List<Dictionary<string, AttributeValue>>[shards.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, shards.Count), Limit(cancellationToken), async (i, stop) =>
            pages[i] = await _table.QueryAsync(shards[i], until.ToUnixTimeMilliseconds(), limit, stop).ConfigureAwait(false)).ConfigureAwait(false);
        return [.. pages.SelectMany(page => page).OrderBy(DynamoItem.At).Take(limit)];
    }
}
