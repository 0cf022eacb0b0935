using IotOps.Fleet;

namespace IotOps.Samples.FleetConsole.Store;

/// <summary>An error of the logs.</summary>
/// <param name="Entry">What was read of it; its time is needed.</param>
/// <param name="Line">The line in UTF-8 as it was logged. Two errors with one time and one line are one error.</param>
public sealed record LogError(IotLogEntry Entry, ReadOnlyMemory<byte> Line);
