using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using IotOps.Aws;

namespace IotOps.Fleet;

/// <summary>
/// Reads a log group page after page, and goes on from a checkpoint: each event comes out once, those that became readable late too. Needs
/// <c>logs:FilterLogEvents</c>. See https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html.
/// </summary>
public sealed class IotLogSource
{
    private const string Operation = "Logs_20140328.FilterLogEvents";
    private const int PageSize = 10_000;
    private const int MaxEventIds = 100_000;

    private readonly AwsClient _client;
    private readonly IotLogSourceOptions _options;
    private readonly Queue<(string Id, DateTimeOffset Time)> _order = new();
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private DateTimeOffset? _latest;

    /// <param name="client">A client of <see cref="AwsService.CloudWatchLogs"/>; stays the caller's.</param>
    /// <param name="options">What to read.</param>
    /// <param name="checkpoint">Where to go on; null to begin.</param>
    public IotLogSource(AwsClient client, IotLogSourceOptions? options = null, IotLogCheckpoint? checkpoint = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        _client = client;
        _options = options ?? new IotLogSourceOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Overlap, TimeSpan.Zero, nameof(options));
        _latest = checkpoint?.Time;
        foreach (string id in checkpoint?.EventIds ?? [])
        {
            Remember(id, checkpoint!.Time);
        }
    }

    /// <summary>How far was read: with the line that came out last. Null when nothing was.</summary>
    public IotLogCheckpoint? Checkpoint => _latest is { } latest ? new IotLogCheckpoint(latest, [.. _seen]) : null;

    /// <summary>The events of a range that did not come out before, in the order in which CloudWatch Logs answers them.</summary>
    /// <param name="since">From there on, unless the checkpoint is later.</param>
    /// <param name="until">Up to there.</param>
    /// <param name="cancellationToken">Ends reading.</param>
    /// <exception cref="AwsException">CloudWatch Logs refused.</exception>
    public async IAsyncEnumerable<IotLogLine> ReadAsync(DateTimeOffset since, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        DateTimeOffset from = _latest is { } latest && latest - _options.Overlap > since ? latest - _options.Overlap : since;
        string? token = null;
        do
        {
            AwsResponse response = await _client.SendAsync(AwsRequest.Json11(Operation, json => Write(json, from, until, token)), cancellationToken).ConfigureAwait(false);
            JsonElement page = Page(response);
            if (page.TryGetProperty("events"u8, out JsonElement events) && events.ValueKind == JsonValueKind.Array)
            {
                foreach (JsonElement one in events.EnumerateArray())
                {
                    if (Line(one) is { } line && (line.EventId is null || Remember(line.EventId, line.Time ?? from)))
                    {
                        _latest = line.Time > _latest || _latest is null ? line.Time : _latest;
                        yield return line;
                    }
                }
            }

            string? next = page.TryGetProperty("nextToken"u8, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
            token = next == token ? null : next;
        }
        while (token is not null);
    }

    private void Write(Utf8JsonWriter json, DateTimeOffset from, DateTimeOffset until, string? token)
    {
        json.WriteString("logGroupName"u8, _options.LogGroup);
        json.WriteNumber("startTime"u8, from.ToUnixTimeMilliseconds());
        json.WriteNumber("endTime"u8, until.ToUnixTimeMilliseconds());
        json.WriteNumber("limit"u8, PageSize);
        if (_options.FilterPattern is { } pattern)
        {
            json.WriteString("filterPattern"u8, pattern);
        }

        if (token is not null)
        {
            json.WriteString("nextToken"u8, token);
        }
    }

    // False for one that was read before. Those further back than the overlap are not asked for again, and forgotten.
    private bool Remember(string id, DateTimeOffset time)
    {
        if (!_seen.Add(id))
        {
            return false;
        }

        _order.Enqueue((id, time));
        while (_order.Count > MaxEventIds || (_order.TryPeek(out (string Id, DateTimeOffset Time) first) && first.Time < _latest - _options.Overlap))
        {
            _seen.Remove(_order.Dequeue().Id);
        }

        return true;
    }

    private static IotLogLine? Line(JsonElement one)
    {
        if (one.ValueKind != JsonValueKind.Object || !one.TryGetProperty("message"u8, out JsonElement message) || message.ValueKind != JsonValueKind.String)
        {
            return null;
        }

        DateTimeOffset? time = one.TryGetProperty("timestamp"u8, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long milliseconds) && milliseconds is >= 0 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds)
            : null;
        string? id = one.TryGetProperty("eventId"u8, out JsonElement name) && name.ValueKind == JsonValueKind.String ? name.GetString() : null;
        return new IotLogLine(Encoding.UTF8.GetBytes(message.GetString()!), time, id);
    }

    private static JsonElement Page(AwsResponse response)
    {
        try
        {
            JsonElement page = JsonElement.Parse(response.Body.Span);
            return page.ValueKind == JsonValueKind.Object ? page : throw new JsonException("it is no object");
        }
        catch (JsonException e)
        {
            throw new AwsException("The answer of FilterLogEvents is no JSON object.", e) { Service = "logs", Operation = "FilterLogEvents", Code = "UnreadableAnswer", StatusCode = HttpStatusCode.OK };
        }
    }
}
