using System.Runtime.CompilerServices;
using IotOps.Fleet.Search;
using IotOps.Fleet.Trail;

namespace IotOps.Fleet;

/// <summary>
/// Finds records in the bucket of a trail, of all its accounts and regions, and reads only the files that can have them: a file's name says when it
/// was written.
/// </summary>
/// <param name="options">Where to look.</param>
public sealed class TrailSearch(TrailSearchOptions options)
{
    /// <summary>The records that are looked for, in no order. Each can be used until the next one is asked for.</summary>
    /// <param name="query">What is looked for; <see cref="TrailQuery.Since"/> is needed, because a trail's bucket may hold years.</param>
    /// <param name="reader">Reads the files; its problems and statistics are those of the search.</param>
    /// <param name="timeProvider">Now, where the query has no end.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">The query has no beginning, or ends before it begins.</exception>
    /// <exception cref="Aws.AwsException">S3 refused a listing or an object.</exception>
    public IAsyncEnumerable<CloudTrailRecord> FindAsync(
        TrailQuery query, CloudTrailReader reader, TimeProvider? timeProvider = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        ArgumentNullException.ThrowIfNull(reader);
        DateTimeOffset since = query.Since ?? throw new ArgumentException("A search in a bucket needs a beginning: set Since.", nameof(query));
        DateTimeOffset until = query.Until ?? (timeProvider ?? TimeProvider.System).GetUtcNow();
        return until > since
            ? FindAsync(query, new TrailRange(since.ToUniversalTime(), (until + options.LateDelivery).ToUniversalTime()), reader, cancellationToken)
            : throw new ArgumentException($"The range ends ({until:u}) before it begins ({since:u}).", nameof(query));
    }

    private async IAsyncEnumerable<CloudTrailRecord> FindAsync(
        TrailQuery query, TrailRange files, CloudTrailReader reader, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        IAsyncEnumerable<string> keys = TrailRangeKeys.FindAsync(options, files, cancellationToken);
        IAsyncEnumerable<TrailSource> sources = TrailPrefix.AheadAsync(options.Objects, options.Bucket, keys, options.FetchAhead, cancellationToken);
        await foreach (CloudTrailRecord record in reader.ReadAsync(sources, cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(record))
            {
                yield return record;
            }
        }
    }
}
