using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Connectivity;

/// <summary>Who is connected by segment, how that changed, and what was unusual.</summary>
public sealed record ConnectivityModel(
    ViewRange View, string? Segment, DateTimeOffset Now, TimeRange Range, TimeSpan Bucket, IReadOnlyList<SegmentConnectivity> Segments, IReadOnlyList<ConnectivityBar> Bars, IReadOnlyList<ConsoleFinding> Alarms) : PageModel
{
    public SegmentConnectivity? Fleet => Segments.FirstOrDefault(one => one.Segment.Length == 0);

    public IReadOnlyList<ConsoleFinding> Open => [.. Alarms.Where(alarm => alarm.State == FindingState.Open)];

    public string Sentence
    {
        get
        {
            if (Fleet is not { Things: > 0 } fleet)
            {
                return "No device was told of yet.";
            }

            string offline = $"{Words.Number(fleet.Offline)} of {Words.Count(fleet.Things, "device")} offline";
            return Open switch
            {
                [] => $"No connectivity alarm: {offline}.",
                [var one] => $"One alarm, {one.Check} in {one.Resource}{(one.Members.Count > 0 ? $" with {Words.Count(one.Members.Count, "device")}" : "")}: {offline}.",
                var many => $"{many.Count} alarms, the worst {many[0].Check} in {many[0].Resource}: {offline}.",
            };
        }
    }

    public string Href(string? segment) => Address.Of("/connectivity", [.. View.Parameters, new("segment", segment)]);

    public static async Task<ConnectivityModel> ReadAsync(IConsoleStore store, IQueryCollection query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ViewRange view = ViewRange.Parse(query["range"], query["from"], query["to"]);
        TimeSpan bucket = TimeSpan.FromMinutes(view.Length.TotalHours switch { <= 1.5 => 1, <= 12 => 5, <= 48 => 60, _ => 240 });
        string? segment = (string?)query["segment"] is { Length: > 0 } text ? text : null;
        TimeRange range = view.At(now, bucket);
        IReadOnlyList<SegmentConnectivity> segments = await store.ReadConnectivityAsync(now.AddMinutes(-15), cancellationToken);
        IReadOnlyList<ConnectivityBar> bars = await store.ReadConnectivityChartAsync(range, bucket, segment, cancellationToken);
        IReadOnlyList<ConsoleFinding> alarms = await store.ReadFindingsAsync(new FindingQuery { Sources = [FindingSource.Connectivity], Limit = 50 }, cancellationToken);
        return new ConnectivityModel(view, segment, now, range, bucket, segments, bars, [.. alarms.OrderBy(alarm => alarm.State)])
        {
            IsLive = view.MovesOn,
            Permalink = view.MovesOn ? Address.Of("/connectivity", [.. ViewRange.Of(range).Parameters, new("segment", segment)]) : null,
        };
    }
}
