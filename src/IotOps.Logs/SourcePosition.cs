namespace IotOps.Logs;

/// <summary>How far one file's events are accepted by the service, or safe in the spool.</summary>
/// <param name="SourceId">Which file, in the checkpoint's numbering.</param>
/// <param name="Offset">First byte not yet covered.</param>
/// <param name="Time">The last time that was read in the text up to there, milliseconds since 1970; null without one.</param>
/// <param name="Cursor">The journal's own name for the place; null for a file.</param>
internal readonly record struct SourcePosition(long SourceId, long Offset, long? Time = null, string? Cursor = null);
