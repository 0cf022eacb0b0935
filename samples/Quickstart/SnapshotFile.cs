namespace IotOps.Samples.Quickstart;

/// <summary>A copied log file and the log stream it belongs to.</summary>
/// <param name="Path">Absolute path of the copy.</param>
/// <param name="Stream">Its name below the log directory: <c>apt/history.log</c>.</param>
/// <param name="Lines">Its lines as they should arrive; CloudWatch Logs has no empty events, so empty lines are not in it.</param>
/// <param name="Bytes">Its length.</param>
internal sealed record SnapshotFile(string Path, string Stream, IReadOnlyList<string> Lines, long Bytes);
