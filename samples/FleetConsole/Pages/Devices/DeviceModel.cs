using System.Text.Json;
using IotOps.Fleet;
using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>One device: what is known of it.</summary>
public sealed record DeviceModel(
    string Thing,
    DateTimeOffset Now,
    ThingFacts? Facts,
    ClientState? Client,
    IReadOnlyList<DeviceDocument> Documents,
    IReadOnlyList<ConsoleFinding> Findings,
    IReadOnlyList<ConnectionRow> Connections) : PageModel
{
    /// <summary>Events that are read of a range.</summary>
    public const int MaxEvents = 500;

    /// <summary>The range as it was chosen.</summary>
    public ViewRange View { get; init; } = ViewRange.Default;

    /// <summary>The range of the connections.</summary>
    public TimeRange Range { get; init; }

    /// <summary>When the device was online in the range, oldest first.</summary>
    public IReadOnlyList<ConnectionStretch> Stretches { get; init; } = [];

    /// <summary>Whether the range has more events than were read.</summary>
    public bool HasOlderEvents => Connections.Count == MaxEvents;

    /// <summary>The page with the device's logs of the day; null when none is configured.</summary>
    public string? LogsLink { get; init; }

    /// <summary>Whether quarantines are configured.</summary>
    public bool CanQuarantine { get; init; }

    public IReadOnlyList<ConsoleFinding> Open => [.. Findings.Where(finding => finding.State == FindingState.Open)];

    public DeviceDocument? Report => Documents.FirstOrDefault(document => document.Name == DeviceDocument.Report);

    public DeviceDocument? Shadow => Documents.FirstOrDefault(document => document.Name == DeviceDocument.Shadow);

    public IEnumerable<DeviceDocument> NamedShadows => Documents.Where(document => document.Name.StartsWith(DeviceDocument.Shadow + "/", StringComparison.Ordinal));

    public bool? IsConnected => Client?.IsConnected ?? Facts?.IsConnected;

    /// <summary>The connection before the one that holds, from another address; null when there is none in sight.</summary>
    public ConnectionRow? OtherAddress =>
        Client?.Address is { } address ? Connections.FirstOrDefault(row => row.Kind == LifecycleEventKind.Connected && row.Address is { } other && other != address) : null;

    public string Sentence
    {
        get
        {
            string connection = IsConnected switch
            {
                true => $"Online since {Words.Time((Client?.Since ?? Facts!.ConnectedSince) ?? Now, Now)}",
                false => $"Offline since {Words.Time((Client?.Since ?? Facts!.ConnectedSince) ?? Now, Now)}{(Client?.Reason is { } reason ? $" ({reason})" : "")}",
                null => "No connection was told",
            };
            long bad = Open.LongCount(finding => finding.Severity >= FindingSeverity.High);
            return $"{connection}. {(Open.Count == 0 ? "No open finding" : $"{Words.Count(Open.Count, "open finding")}, {Words.Number(bad)} high or critical")}.{(OtherAddress is { } other ? $" It came from {other.Address} before." : "")}";
        }
    }

    /// <summary>Single facts out of what the fleet index has: type, groups, attributes.</summary>
    public IEnumerable<(string Name, string Value)> Details()
    {
        if (Facts is null)
        {
            yield break;
        }

        using JsonDocument document = JsonDocument.Parse(Facts.Json);
        JsonElement thing = document.RootElement;
        if (thing.ValueKind != JsonValueKind.Object)
        {
            yield break;
        }

        if (thing.TryGetProperty("thingTypeName", out JsonElement type) && type.ValueKind == JsonValueKind.String)
        {
            yield return ("Type", type.GetString()!);
        }

        if (thing.TryGetProperty("thingGroupNames", out JsonElement groups) && groups.ValueKind == JsonValueKind.Array)
        {
            yield return ("Groups", string.Join(", ", groups.EnumerateArray().Select(group => group.ToString())));
        }

        if (thing.TryGetProperty("attributes", out JsonElement attributes) && attributes.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty attribute in attributes.EnumerateObject().Take(12))
            {
                yield return (attribute.Name, attribute.Value.ToString());
            }
        }
    }

    public static async Task<DeviceModel?> ReadAsync(IConsoleStore store, string thing, IQueryCollection query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string? from = query["from"], to = query["to"], name = query["range"];
        ViewRange view = ViewRange.Parse(string.IsNullOrEmpty(name) && string.IsNullOrEmpty(from) && string.IsNullOrEmpty(to) ? "24h" : name, from, to);
        TimeRange range = view.At(now, TimeSpan.FromMinutes(1));
        ThingFacts? facts = await store.FindThingAsync(thing, cancellationToken);
        ClientState? client = await store.FindClientAsync(thing, cancellationToken);
        IReadOnlyList<DeviceDocument> documents = await store.ReadDocumentsAsync(thing, cancellationToken);
        IReadOnlyList<ConsoleFinding> findings = await store.ReadFindingsAsync(new FindingQuery { Thing = thing, Limit = 50 }, cancellationToken);
        IReadOnlyList<ConnectionRow> connections = await store.ReadConnectionsAsync(thing, range, MaxEvents, cancellationToken);
        ConnectionRow? before = connections.Count == MaxEvents ? null : await BeforeAsync(store, thing, range, cancellationToken);
        return facts is null && client is null && documents.Count == 0 && findings.Count == 0 && connections.Count == 0 && before is null
            ? null
            : new DeviceModel(thing, now, facts, client, documents, findings, connections)
            {
                IsLive = view.MovesOn,
                Permalink = view.MovesOn ? Address.Of("/device", [new("name", thing), .. ViewRange.Of(range).Parameters]) : null,
                View = view,
                Range = range,
                Stretches = ConnectionStretch.Of(connections, before, range, now),
            };
    }

    // What the range begins with: a device that is offline for weeks has no event in it.
    private static async Task<ConnectionRow?> BeforeAsync(IConsoleStore store, string thing, TimeRange range, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConnectionRow> rows = await store.ReadConnectionsAsync(thing, new TimeRange(range.Since.AddDays(-366), range.Since), 20, cancellationToken);
        return rows.FirstOrDefault(row => row.Kind is LifecycleEventKind.Connected or LifecycleEventKind.Disconnected);
    }
}
