namespace IotOps.Mqtt.Publishing;

/// <summary>How far a connection's sending has come.</summary>
/// <param name="Moved">Grows whenever bytes have moved.</param>
/// <param name="LeftWrite">Number of the newest write that has left.</param>
/// <param name="IsBehind">Something has not left yet.</param>
/// <param name="SentAt">Time stamp of the last write.</param>
/// <param name="Oldest">Since when the packet that waits longest for its answer waits; null when none does.</param>
internal readonly record struct SendActivity(long Moved, long LeftWrite, bool IsBehind, long SentAt, long? Oldest);
