namespace IotOps.Logs.Tests.Tail;

internal sealed record TakenEvent(LogDestination Destination, long SourceId, long EndOffset, long Timestamp, string Message);
