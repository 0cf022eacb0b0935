namespace IotOps.Samples.FleetConsole.Charts;

/// <summary>A stretch of time in one state, as a lane shows it.</summary>
/// <param name="Since">Its begin.</param>
/// <param name="Until">Its end.</param>
/// <param name="Look">The class of its state.</param>
/// <param name="Text">The state in a word, shown where there is room.</param>
/// <param name="Title">The whole of it, for the tooltip.</param>
public sealed record LanePart(DateTimeOffset Since, DateTimeOffset Until, string Look, string Text, string Title);
