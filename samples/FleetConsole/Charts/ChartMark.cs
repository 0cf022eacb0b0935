namespace IotOps.Samples.FleetConsole.Charts;

/// <summary>A numbered flag below a chart: something happened then.</summary>
/// <param name="Number">Its number.</param>
/// <param name="Time">When.</param>
/// <param name="Text">What, for the tooltip.</param>
/// <param name="Href">Where it leads.</param>
/// <param name="IsHot">Whether it lies shortly before a surge.</param>
public sealed record ChartMark(int Number, DateTimeOffset Time, string Text, string Href, bool IsHot);
