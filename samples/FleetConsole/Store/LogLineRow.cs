namespace IotOps.Samples.FleetConsole.Store;

/// <summary>An error's line.</summary>
/// <param name="Key">Its place.</param>
/// <param name="Time">When.</param>
/// <param name="Template">Its template's number.</param>
/// <param name="Client">The client; null for none.</param>
/// <param name="Line">The line as it was logged.</param>
public sealed record LogLineRow(LineKey Key, DateTimeOffset Time, long Template, string? Client, string Line);
