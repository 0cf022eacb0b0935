namespace IotOps.Fleet;

/// <summary>A term that kept a thing from being a hit.</summary>
/// <param name="Term">The term, as it would be written: <c>shadow.reported.battery&gt;50</c>; with NOT where it held and should not.</param>
/// <param name="Found">What the thing has there; null when it has nothing, or the term names no field.</param>
public sealed record FleetQueryMiss(string Term, string? Found)
{
    /// <summary>One line: <c>shadow.reported.battery&gt;50 (it is 40)</c>.</summary>
    public override string ToString() => $"{Term} ({(Found is null ? "there is none" : $"it is {Found}")})";
}
