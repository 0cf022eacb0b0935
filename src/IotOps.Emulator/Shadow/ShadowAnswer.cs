namespace IotOps.Emulator.Shadow;

/// <summary>What a request came to.</summary>
/// <param name="Body">The answer.</param>
/// <param name="Announcements">What subscribers are told besides: topic and payload, in this order.</param>
/// <param name="Version">The shadow's version after it.</param>
internal sealed record ShadowAnswer(byte[] Body, IReadOnlyList<KeyValuePair<string, byte[]>> Announcements, long Version);
