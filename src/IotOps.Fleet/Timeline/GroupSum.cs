namespace IotOps.Fleet.Timeline;

/// <summary>A group over several buckets.</summary>
internal sealed class GroupSum
{
    private const int Told = 5;

    public long Errors { get; set; }

    public Dictionary<string, (long Count, long Inherited)> Clients { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (long Count, long Inherited)> Principals { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (long Count, long Inherited)> Addresses { get; } = new(StringComparer.Ordinal);

    public Dictionary<string, (long Count, long Inherited)> Rules { get; } = new(StringComparer.Ordinal);

    public static IReadOnlyList<ErrorShare> Top(Dictionary<string, (long Count, long Inherited)> shares) =>
    [
        .. shares.OrderByDescending(share => share.Value.Count - share.Value.Inherited).ThenByDescending(share => share.Value.Count).ThenBy(share => share.Key, StringComparer.Ordinal)
            .Take(Told).Select(share => new ErrorShare(share.Key, share.Value.Count, share.Value.Count - share.Value.Inherited)),
    ];
}
