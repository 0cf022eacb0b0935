namespace IotOps.Defender.Content;

/// <summary>A list to be encoded, wherever it is kept.</summary>
internal readonly ref struct ListContent<T>
    where T : struct
{
    private ListContent(ReadOnlySpan<T> items, long total)
    {
        IsPresent = true;
        Items = items;
        Total = total;
    }

    public bool IsPresent { get; }

    public ReadOnlySpan<T> Items { get; }

    public long Total { get; }

    public static ListContent<T> Of(SampledList<T>? list) => list is null ? default : new ListContent<T>(list.Span, list.Total);

    public static ListContent<T> Of(ReportList<T> list) => list.IsPresent ? new ListContent<T>(list.Span, list.Count) : default;
}
