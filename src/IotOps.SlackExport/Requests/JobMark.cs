namespace IotOps.SlackExport.Requests;

/// <summary>One job that counts against its user's hour.</summary>
/// <param name="At">When it was asked for.</param>
/// <param name="Writer">The <see cref="StoredRequest.Writer"/> of its request: tells a lost answer to a write from another process's.</param>
internal sealed record JobMark(DateTimeOffset At, Guid Writer);
