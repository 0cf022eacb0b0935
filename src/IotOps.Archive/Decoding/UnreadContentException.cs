namespace IotOps.Archive.Decoding;

/// <summary>An object is known to be something that is not read. The message says what.</summary>
internal sealed class UnreadContentException(string what) : Exception($"{what}: not read");
