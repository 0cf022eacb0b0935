namespace IotOps.Detect;

/// <summary>How a sink does.</summary>
/// <param name="Sink">Its name.</param>
/// <param name="Pending">Alarms that wait for it.</param>
/// <param name="Sent">Messages that it took.</param>
/// <param name="Refused">Alarms for which there was no room: their source has them still.</param>
/// <param name="Failures">Sends that failed since the last one that did not.</param>
/// <param name="LastError">Why the last one failed; null when it did not.</param>
public sealed record AlarmSinkStatus(string Sink, int Pending, long Sent, long Refused, int Failures, string? LastError);
