namespace IotOps.Emulator.Logs.Queries;

/// <summary>An event that a query looks at.</summary>
internal sealed record QueryEvent(long Timestamp, long Ingestion, string Message, string Stream, string Log, string Pointer);
