namespace IotOps.Detect.Working;

/// <summary>How a thing's events become its next state.</summary>
internal delegate DetectVerdict Evaluate(DetectRecord? record, string thing, IReadOnlyList<DetectEvent> events, DateTimeOffset now);
