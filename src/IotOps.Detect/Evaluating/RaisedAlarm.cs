namespace IotOps.Detect.Evaluating;

/// <summary>An alarm that is on, with what its end has to say when the behavior is gone by then.</summary>
/// <param name="ViolationId">32 hexadecimal digits.</param>
/// <param name="Profile">The security profile.</param>
/// <param name="Behavior">The behavior's text.</param>
internal sealed record RaisedAlarm(string ViolationId, string Profile, ReadOnlyMemory<byte> Behavior);
