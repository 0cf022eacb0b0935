using IotOps.Samples.FleetConsole.Frame;
using IotOps.Samples.FleetConsole.Store;

namespace IotOps.Samples.FleetConsole.Pages.Devices;

/// <summary>Devices to choose from: by the beginning of a name, or those of a segment that are offline.</summary>
public sealed record DevicesModel(string Search, string? Segment, IReadOnlyList<string> Names, IReadOnlyList<ClientState> Clients, SegmentConnectivity? Fleet) : PageModel
{
    public const int PageSize = 100;

    public string Sentence => Search.Length > 0
        ? $"{(Names.Count == PageSize ? $"The first {PageSize} things" : Words.Count(Names.Count, "thing"))} beginning with '{Search}'."
        : Fleet is null or { Things: 0 } ? "No device was told of yet."
        : $"{Words.Number(Fleet.Offline)} of {Words.Count(Fleet.Things, "device")} offline{(Segment is null ? "" : $" in {Segment}")}; {Words.Count(Clients.Count, "of them is", "of them are")} listed.";

    public static async Task<DevicesModel> ReadAsync(IConsoleStore store, IQueryCollection query, DateTimeOffset now, CancellationToken cancellationToken)
    {
        string search = ((string?)query["name"] ?? "").Trim();
        string? segment = (string?)query["segment"] is { Length: > 0 } text ? text : null;
        if (search.Length > 0)
        {
            return new DevicesModel(search, segment, await store.FindThingNamesAsync(search, PageSize, cancellationToken), [], null);
        }

        IReadOnlyList<SegmentConnectivity> segments = await store.ReadConnectivityAsync(now.AddHours(-1), cancellationToken);
        IReadOnlyList<ClientState> clients = await store.ReadClientsAsync(segment, isConnected: false, (string?)query["after"] is { Length: > 0 } after ? after : null, PageSize, cancellationToken);
        return new DevicesModel(search, segment, [], clients, segments.FirstOrDefault(one => one.Segment == (segment ?? ""))) { IsLive = true };
    }
}
