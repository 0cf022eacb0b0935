using System.Runtime.CompilerServices;
using System.Text;
using IotOps.Aws;
using IotOps.Fleet.Trail;
using IotOps.Shared;

namespace IotOps.Fleet;

/// <summary>
/// Reads the log files of CloudTrail trails, one record at a time in memory that does not grow with them. Each event comes out once, however often it
/// was delivered. What is damaged is told in <see cref="Problems"/>, and what is readable beside it comes out all the same; records of a file whose
/// gzip turns out to be damaged have come out before that is known. Records are in no order: CloudTrail has none.
/// <para>
/// An addendum that completes an event (<c>UPDATED_DATA</c>) does not come out by itself. An event that is read after it comes out complete; one
/// that was read before comes out again at the end, with <see cref="CloudTrailRecord.IsRevision"/>.
/// </para>
/// For one thread at a time. See https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-examples.html.
/// </summary>
public sealed class CloudTrailReader : IDisposable
{
    private readonly CloudTrailReaderOptions _options;
    private readonly PlainBuffer _buffer = new();
    private readonly RecordFields _fields = new();
    private readonly TextCache _cache = new();
    private readonly Inflater _inflater;
    private readonly TrailParser _parser;
    private readonly EventIds? _ids;
    private readonly Addenda _addenda;
    private readonly SourceRing _sources = new();
    private readonly List<CloudTrailProblem> _problems = [];
    private string _source = "";
    private CloudTrailStatistics _statistics;

    /// <summary>Makes a reader that has seen nothing yet.</summary>
    public CloudTrailReader(CloudTrailReaderOptions? options = null)
    {
        _options = options ?? new CloudTrailReaderOptions();
        ArgumentOutOfRangeException.ThrowIfNegative(_options.RememberedEvents, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.MaxRecordBytes, 1_024, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.MaxRecordBytes, 256 << 20, nameof(options));
        ArgumentOutOfRangeException.ThrowIfNegative(_options.FetchAhead, nameof(options));
        _inflater = new Inflater(_buffer);
        _parser = new TrailParser(_buffer, _fields, _options.MaxRecordBytes, Report);
        _ids = _options.RememberedEvents > 0 ? new EventIds(_options.RememberedEvents) : null;
        _addenda = new Addenda(_options.WaitingAddenda, _options.MaxRecordBytes);
    }

    /// <summary>What was wrong, the first <see cref="CloudTrailReaderOptions.KeptProblems"/> of it.</summary>
    public IReadOnlyList<CloudTrailProblem> Problems => _problems;

    /// <summary>What was read so far.</summary>
    public CloudTrailStatistics Statistics => _statistics;

    /// <summary>Reads a stream: gzip or plain JSON, which is told by its first bytes.</summary>
    /// <param name="stream">Disposed at the end.</param>
    /// <param name="name">For problems.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public IAsyncEnumerable<CloudTrailRecord> ReadStreamAsync(Stream stream, string name, CancellationToken cancellationToken = default) =>
        ReadAsync(One(new TrailSource(name, _ => Task.FromResult<Stream?>(stream), CanOpenAgain: false)), cancellationToken);

    /// <summary>Reads files, and all <c>.json.gz</c> and <c>.json</c> files in and below directories, in the order of their names.</summary>
    /// <exception cref="IOException">A path is neither file nor directory.</exception>
    public IAsyncEnumerable<CloudTrailRecord> ReadFilesAsync(IEnumerable<string> paths, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(paths);
        return ReadAsync(TrailFiles.Find([.. paths]).ToAsyncEnumerable(), cancellationToken);
    }

    /// <summary>Reads the log files below a prefix of a bucket: <c>PREFIX/AWSLogs/ACCOUNT/CloudTrail/REGION/2026/01/</c> is a month. Digest files are left out.</summary>
    /// <param name="objects">Where the bucket is: <see cref="S3TrailObjects"/>.</param>
    /// <param name="bucket">The bucket.</param>
    /// <param name="prefix">Its keys' beginning.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    public IAsyncEnumerable<CloudTrailRecord> ReadPrefixAsync(ITrailObjects objects, string bucket, string prefix, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(objects);
        return ReadAsync(TrailPrefix.SourcesAsync(objects, bucket, prefix, _options.FetchAhead, cancellationToken), cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _buffer.Dispose();

    internal async IAsyncEnumerable<CloudTrailRecord> ReadAsync(
        IAsyncEnumerable<TrailSource> sources, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (TrailSource source in sources.WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            int number = _sources.Add(source);
            await foreach (CloudTrailRecord record in RecordsAsync(source, cancellationToken).ConfigureAwait(false))
            {
                if (Take(record, number) is { } taken)
                {
                    yield return taken;
                    taken.Pass();
                }
            }
        }

        await foreach (CloudTrailRecord record in CompleteAsync(cancellationToken).ConfigureAwait(false))
        {
            yield return record;
        }
    }

    // Each record of a source, whatever came before.
    private async IAsyncEnumerable<CloudTrailRecord> RecordsAsync(TrailSource source, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        _source = source.Name;
        Stream? stream = await OpenAsync(source, cancellationToken).ConfigureAwait(false);
        if (stream is null)
        {
            yield break;
        }

        _buffer.Clear();
        _parser.Begin();
        using var input = new TrailInput(stream, source.Name, _inflater, _buffer, Report);
        while (true)
        {
            ParseOutcome outcome = _parser.Next(input.IsLast, input.IsTold);
            if (outcome == ParseOutcome.Record)
            {
                yield return new CloudTrailRecord(_parser.Record, _fields, _cache);
            }
            else if (outcome == ParseOutcome.NeedsMore)
            {
                await input.FillAsync(cancellationToken).ConfigureAwait(false);
            }
            else
            {
                break;
            }
        }

        _statistics = _statistics with { Sources = _statistics.Sources + 1, Bytes = _statistics.Bytes + _buffer.Passed };
    }

    private async Task<Stream?> OpenAsync(TrailSource source, CancellationToken cancellationToken)
    {
        try
        {
            if (await source.OpenAsync(cancellationToken).ConfigureAwait(false) is { } stream)
            {
                return stream;
            }

            Report(CloudTrailProblemKind.Unreadable, null, "it is gone");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or AwsException { Code: "InvalidObjectState" })
        {
            Report(CloudTrailProblemKind.Unreadable, null, $"it cannot be read: {e.Message}");
        }

        return null;
    }

    // The record as it comes out; null when it does not.
    private CloudTrailRecord? Take(CloudTrailRecord record, int source)
    {
        if (RecordParts.Refusal(record) is { } refusal)
        {
            Report(CloudTrailProblemKind.UnknownVersion, _buffer.Passed, refusal);
            return null;
        }

        ReadOnlySpan<byte> id = record.RawText(RecordField.EventId);
        if (_ids is not null && !id.IsEmpty && !_ids.Add(id, source))
        {
            _statistics = _statistics with { Duplicates = _statistics.Duplicates + 1 };
            return null;
        }

        if (!record.Raw(RecordField.Addendum).IsEmpty
            && record.Addendum is { Completes: true } addendum
            && _addenda.TryAdd(addendum.OriginalEventId!, record))
        {
            return null;
        }

        _statistics = _statistics with { Records = _statistics.Records + 1 };
        if (_addenda.Take(id) is not { } addenda)
        {
            return record;
        }

        _statistics = _statistics with { Completed = _statistics.Completed + 1 };
        return AddendumMerge.Merge(record, addenda, isRevision: false);
    }

    // The addenda of events that came out before. Their files are read once more: holding all events for the few that are completed would cost
    // more than that.
    private async IAsyncEnumerable<CloudTrailRecord> CompleteAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (_addenda.IsEmpty)
        {
            yield break;
        }

        int[] again =
        [
            .. _addenda.All.Select(waiting => _ids?.Find(Encoding.UTF8.GetBytes(waiting.EventId)) ?? -1).Where(number => number >= 0).Distinct().Order(),
        ];
        CloudTrailStatistics before = _statistics;
        foreach (int number in again)
        {
            if (_sources.Find(number) is not { CanOpenAgain: true } source)
            {
                continue;
            }

            await foreach (CloudTrailRecord original in RecordsAsync(source, cancellationToken).ConfigureAwait(false))
            {
                if (_addenda.Take(original.RawText(RecordField.EventId)) is { } addenda)
                {
                    before = before with { Completed = before.Completed + 1 };
                    yield return AddendumMerge.Merge(original, addenda, isRevision: true);
                }
            }
        }

        // What was read again is not counted again.
        _statistics = before;
        foreach (CloudTrailRecord addendum in _addenda.All.SelectMany(waiting => waiting.Records).ToArray())
        {
            _addenda.Take(Encoding.UTF8.GetBytes(addendum.Addendum!.OriginalEventId!));
            _statistics = _statistics with { Records = _statistics.Records + 1 };
            yield return addendum;
        }
    }

    private void Report(CloudTrailProblemKind kind, long? offset, string message)
    {
        _statistics = _statistics with { Problems = _statistics.Problems + 1 };
        if (_problems.Count < _options.KeptProblems)
        {
            _problems.Add(new CloudTrailProblem(_source, kind, offset, message));
        }
    }

    private static async IAsyncEnumerable<TrailSource> One(TrailSource source)
    {
        yield return source;
        await Task.CompletedTask.ConfigureAwait(false);
    }
}
