using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.RateLimiting;
using IotOps.Aws;
using IotOps.Fleet.History;

namespace IotOps.Fleet;

/// <summary>
/// The event history that every account has without a trail: management events, and Insights events, of 90 days and one region. Needs
/// <c>cloudtrail:LookupEvents</c>. See https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html.
/// </summary>
public sealed class EventHistory : IDisposable
{
    private const string Operation = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.LookupEvents";
    private const int MaxValue = 2_000;
    private const int KeptProblems = 1_000;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(90);

    private readonly AwsClient _client;
    private readonly TimeProvider _timeProvider;
    private readonly RateLimiter _pace;
    private readonly RateLimiter? _ownPace;
    private readonly List<CloudTrailProblem> _problems = [];

    /// <param name="client">A client of <see cref="AwsService.CloudTrail"/>; stays the caller's.</param>
    /// <param name="options">How to call.</param>
    public EventHistory(AwsClient client, EventHistoryOptions? options = null)
    {
        _client = client;
        _timeProvider = options?.TimeProvider ?? TimeProvider.System;
        _ownPace = options?.Pace is null ? HistoryPace.Own() : null;
        _pace = options?.Pace ?? _ownPace!;
    }

    /// <summary>Events that LookupEvents returned and that could not be read, the first 1,000 of them.</summary>
    public IReadOnlyList<CloudTrailProblem> Problems => _problems;

    /// <summary>
    /// Events that a query looks for, the latest first. LookupEvents takes one key: the one that leaves the fewest events is asked for, and the
    /// rest is looked for in what comes.
    /// </summary>
    /// <param name="query">What is looked for.</param>
    /// <param name="cancellationToken">Ends the search.</param>
    /// <exception cref="ArgumentException">The range lies before the 90 days, or ends before it begins.</exception>
    /// <exception cref="AwsException">CloudTrail refused.</exception>
    public async IAsyncEnumerable<CloudTrailRecord> FindAsync(TrailQuery query, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        await foreach (CloudTrailRecord record in LookUpAsync(HistoryKey.Choose(query), cancellationToken).ConfigureAwait(false))
        {
            if (query.Matches(record))
            {
                yield return record;
            }
        }
    }

    /// <summary>Looks events up, the latest first, 50 a call and two calls a second. Each record can be kept.</summary>
    /// <param name="query">What to ask.</param>
    /// <param name="cancellationToken">Ends the look-up.</param>
    /// <exception cref="ArgumentException">The query cannot be asked; the message says why.</exception>
    /// <exception cref="AwsException">CloudTrail refused.</exception>
    public IAsyncEnumerable<CloudTrailRecord> LookUpAsync(EventHistoryQuery query, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(query);
        Check(query);
        return PagesAsync(query, cancellationToken);
    }

    /// <inheritdoc/>
    public void Dispose() => _ownPace?.Dispose();

    private async IAsyncEnumerable<CloudTrailRecord> PagesAsync(EventHistoryQuery query, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        string? token = null;
        do
        {
            using (RateLimitLease lease = await _pace.AcquireAsync(1, cancellationToken).ConfigureAwait(false))
            {
                if (!lease.IsAcquired)
                {
                    throw new InvalidOperationException("The rate limiter refused a call of LookupEvents; give it a queue.");
                }
            }

            AwsResponse response = await _client
                .SendAsync(AwsRequest.Json11(Operation, json => Write(json, query, token)), cancellationToken).ConfigureAwait(false);
            HistoryPage page = HistoryPage.Read(response);
            foreach ((string? id, string text) in page.Events)
            {
                if (Read(id, text) is { } record && !(record.EventTime < query.Since) && !(record.EventTime >= query.Until))
                {
                    yield return record;
                }
            }

            token = page.NextToken;
        }
        while (token is not null);
    }

    private CloudTrailRecord? Read(string? id, string text)
    {
        try
        {
            return CloudTrailRecord.Parse(Encoding.UTF8.GetBytes(text));
        }
        catch (FormatException e)
        {
            if (_problems.Count < KeptProblems)
            {
                _problems.Add(new CloudTrailProblem($"event {id ?? "without id"}", CloudTrailProblemKind.BadRecord, null, e.Message));
            }

            return null;
        }
    }

    private void Check(EventHistoryQuery query)
    {
        DateTimeOffset earliest = _timeProvider.GetUtcNow() - Kept;
        string? wrong = query switch
        {
            { Until: { } until } when until <= (query.Since ?? earliest) => $"The range ends ({until:u}) before it begins ({query.Since ?? earliest:u}).",
            { Since: { } since } when since < earliest => $"The event history has 90 days, from {earliest:u} on; {since:u} is in the trail's bucket, if anywhere.",
            { Key: not null, Value: null or "" } => "A key needs a value.",
            { Value.Length: > MaxValue } => $"The value has {query.Value!.Length} characters; {MaxValue} are allowed.",
            { Insights: true, Key: not (null or EventHistoryKey.EventId or EventHistoryKey.EventName or EventHistoryKey.EventSource) } =>
                $"Insights events cannot be looked up by {query.Key}, only by EventId, EventName and EventSource.",
            _ => null,
        };
        if (wrong is not null)
        {
            throw new ArgumentException(wrong, nameof(query));
        }
    }

    private static void Write(Utf8JsonWriter json, EventHistoryQuery query, string? token)
    {
        if (query.Key is { } key)
        {
            json.WriteStartArray("LookupAttributes"u8);
            json.WriteStartObject();
            json.WriteString("AttributeKey"u8, key.ToString());
            json.WriteString("AttributeValue"u8, query.Value);
            json.WriteEndObject();
            json.WriteEndArray();
        }

        if (query.Since is { } since)
        {
            json.WriteNumber("StartTime"u8, since.ToUnixTimeSeconds());
        }

        if (query.Until is { } until)
        {
            json.WriteNumber("EndTime"u8, until.ToUnixTimeSeconds());
        }

        if (query.Insights)
        {
            json.WriteString("EventCategory"u8, "insight");
        }

        if (token is not null)
        {
            json.WriteString("NextToken"u8, token);
        }
    }
}
