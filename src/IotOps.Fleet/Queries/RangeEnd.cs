namespace IotOps.Fleet.Queries;

/// <summary>An end of a range.</summary>
/// <param name="Value">The value there.</param>
/// <param name="IsOpen">Whether the value itself is outside.</param>
internal sealed record RangeEnd(string Value, bool IsOpen)
{
    /// <summary>Below zero when the end is less than a value, above when it is more; null when they have no order.</summary>
    public int? CompareTo(string value)
    {
        if (QueryValues.Number(Value) is not { } number)
        {
            return string.Compare(Value, value, StringComparison.OrdinalIgnoreCase);
        }

        return QueryValues.Number(value) is { } other ? number.CompareTo(other) : null;
    }
}
