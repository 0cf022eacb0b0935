namespace IotOps.Fleet.Selectors;

/// <summary>An operator of a condition by its name in JSON, with the list it has in an <see cref="EventFieldSelector"/>.</summary>
internal sealed record SelectorOperator(
    string Name,
    Func<EventFieldSelector, IReadOnlyList<string>?> ValuesOf,
    Func<EventFieldSelector, IReadOnlyList<string>, EventFieldSelector> With)
{
    public const string EqualsName = "Equals";
    public const string NotEqualsName = "NotEquals";

    /// <summary>In the order in which CloudTrail prints them.</summary>
    public static IReadOnlyList<SelectorOperator> All { get; } =
    [
        new(EqualsName, f => f.EqualTo, (f, values) => f with { EqualTo = values }),
        new("StartsWith", f => f.StartsWith, (f, values) => f with { StartsWith = values }),
        new("EndsWith", f => f.EndsWith, (f, values) => f with { EndsWith = values }),
        new(NotEqualsName, f => f.NotEqualTo, (f, values) => f with { NotEqualTo = values }),
        new("NotStartsWith", f => f.NotStartsWith, (f, values) => f with { NotStartsWith = values }),
        new("NotEndsWith", f => f.NotEndsWith, (f, values) => f with { NotEndsWith = values }),
    ];
}
