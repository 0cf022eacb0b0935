namespace IotOps.Samples.FleetConsole.Frame;

/// <summary>A column of a table.</summary>
/// <param name="Title">Its head.</param>
/// <param name="Class">The head's class; null for none.</param>
public sealed record Column(string Title, string? Class = null)
{
    /// <summary>A column of numbers, which stand at its right end.</summary>
    public static Column Number(string title) => new(title, "num");

    /// <summary>A column that is not wrapped.</summary>
    public static Column Narrow(string title) => new(title, "nowrap");

    public static implicit operator Column(string title) => new(title);
}
