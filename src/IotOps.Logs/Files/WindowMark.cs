namespace IotOps.Logs.Files;

/// <summary>What stood before an offset of a file when it was read: a copy, or the same file grown, has the same there.</summary>
/// <param name="Offset">First byte behind the window.</param>
/// <param name="Window">The bytes before it.</param>
internal readonly record struct WindowMark(long Offset, Fingerprint Window)
{
    public long Start => Offset - Window.Length;
}
