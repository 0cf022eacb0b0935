namespace IotOps.Archive;

/// <summary>Records that could not be read, and are not in the zip unless <see cref="LogExportRequest.KeepUnreadable"/> asked for them.</summary>
/// <param name="Reason">Why, such as <c>no JSON</c> or <c>without a time in 'timestamp'</c>.</param>
/// <param name="Records">How many; of what is no JSON, pieces between records that could be read.</param>
/// <param name="Bytes">Their bytes.</param>
public sealed record UnreadableLogRecords(string Reason, long Records, long Bytes);
