namespace IotOps.Logs.Reading;

/// <summary>One event in a span of a file's bytes.</summary>
/// <param name="Length">Bytes of text from the span's start; 0 for an empty line.</param>
/// <param name="Next">First byte behind the event, its line end included.</param>
/// <param name="IsCut">The event was too long and goes on behind <paramref name="Next"/>.</param>
internal readonly record struct LineFrame(int Length, int Next, bool IsCut);
